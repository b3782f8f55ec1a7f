"""The tests mirror the code; ``lab`` makes real peers, ``stories`` are texts, ``bench`` measures."""
