"""The HTTP side: Flask lives here and nowhere else."""
