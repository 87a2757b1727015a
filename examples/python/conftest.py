pytest_plugins = ['pytest_fauxtrack']  # PYTHONPATH has share/fauxtrack
