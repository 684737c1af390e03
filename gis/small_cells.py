"""Which cells of a table are too small to be shown, also through what is left when a sum is taken less the others."""

from collections.abc import Sequence

FEWEST_OUTLETS = 3


def hidden_cells(cells: Sequence[int], *, fewest: int = FEWEST_OUTLETS) -> tuple[list[bool], bool]:
    """
    Cells to hide beside their sum, and whether the sum itself has to be hidden.

    A cell of one outlet up to `fewest` less one is hidden. None is left to be found by subtraction: where the hidden cells can be
    worked out from the sum (one of them, or all of them as large as a hidden cell can be), the smallest shown cell is
    hidden too; where there is none, the sum is.

    Parameters
    ----------
    cells
        Outlets per town.
    fewest
        A town's figure has at least so many outlets.

    Returns
    -------
    Per cell whether it is hidden, shape (cells,), and whether the sum is. A zero tells of no shop, but is hidden with the small
    ones: else zeros would tell where the small ones are.
    """
    hidden = [n < fewest for n in cells]
    small = [n for n, is_hidden in zip(cells, hidden, strict=True) if is_hidden]
    if sum(small) == 0:
        return [False] * len(cells), False
    if len(small) > 1 and sum(small) < (fewest - 1) * len(small):
        return hidden, False
    shown = [place for place, is_hidden in enumerate(hidden) if not is_hidden]
    if not shown:
        return hidden, True
    hidden[min(shown, key=lambda place: (cells[place], place))] = True
    return hidden, False
