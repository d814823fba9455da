"""The only place of HFT that touches network, disk and drivers."""
