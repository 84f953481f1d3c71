"""The studio: what every lesson needs and no lesson knows. It knows no mathematics."""
