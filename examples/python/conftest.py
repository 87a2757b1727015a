pytest_plugins = ['pytest_fauxtrack']  # PYTHONPATH must have its folder: share/fauxtrack if installed
