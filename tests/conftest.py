from hypothesis import settings

settings.register_profile("spi", derandomize=True, deadline=None, max_examples=100)
settings.load_profile("spi")
