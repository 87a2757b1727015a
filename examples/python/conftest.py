pytest_plugins = ['pytest_fauxtrack']  # not needed where the Python package is installed
