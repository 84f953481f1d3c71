"""What every test shares: JAX stays on the CPU, whatever machine runs it."""

import os

os.environ["JAX_PLATFORMS"] = "cpu"
