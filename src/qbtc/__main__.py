"""`python -m qbtc` is the same as `qbtc`."""

from qbtc.cli import main

if __name__ == "__main__":
    main()
