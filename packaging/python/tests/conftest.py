pytest_plugins = ['pytester', 'pytest_fauxtrack']
