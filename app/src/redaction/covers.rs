//! What is covered on a picture or on the pages of a paper: rectangles, drawn with a finger or ticked in a grid. Pure.

/// Most rectangles on one paper.
pub const COVERS_MAX: usize = 200;
/// Parts of a side: places are in thousandths, so that they fit every size a picture is shown in.
pub const SIDE: u16 = 1_000;
/// Cells of the grid along the longer side; the shorter one has [`CELLS_SHORT`].
pub const CELLS_LONG: u16 = 16;
/// Cells of the grid along the shorter side.
pub const CELLS_SHORT: u16 = 12;

/// A rectangle on a page, in thousandths of the page's sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cover {
    /// The page; a picture is page 0.
    pub page: u16,
    /// From the left.
    pub x: u16,
    /// From the top.
    pub y: u16,
    /// How wide.
    pub width: u16,
    /// How high.
    pub height: u16,
}

impl Cover {
    /// Reads "page,x,y,width,height". What reaches over an edge is cut there; none for what covers nothing.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(',').map(|part| part.trim().parse::<u16>());
        let (page, x, y, width, height) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
        if parts.next().is_some() || x >= SIDE || y >= SIDE || width == 0 || height == 0 {
            return None;
        }
        Some(Self { page, x, y, width: width.min(SIDE - x), height: height.min(SIDE - y) })
    }

    /// As [`Cover::parse`] reads it.
    pub fn text(&self) -> String {
        format!("{},{},{},{},{}", self.page, self.x, self.y, self.width, self.height)
    }

    /// The pixels under it on a picture of that size: from the left, from the top, to the right, to the bottom; a pixel that is touched is under it.
    pub fn pixels(&self, width: u32, height: u32) -> (u32, u32, u32, u32) {
        let side = u32::from(SIDE);
        let down = |part: u16, of: u32| u32::from(part) * of / side;
        let up = |part: u32, of: u32| (part * of).div_ceil(side).min(of);
        let (right, bottom) = (u32::from(self.x) + u32::from(self.width), u32::from(self.y) + u32::from(self.height));
        (down(self.x, width), down(self.y, height), up(right, width), up(bottom, height))
    }
}

/// Reads rectangles kept as lines; what cannot be read is left out.
pub fn read(text: &str) -> Vec<Cover> {
    text.lines().filter_map(Cover::parse).collect()
}

/// Rectangles as lines.
pub fn write(covers: &[Cover]) -> String {
    covers.iter().map(Cover::text).collect::<Vec<_>>().join("\n")
}

/// The grid over a picture: columns and rows, more of them along the longer side.
pub fn grid(width: i64, height: i64) -> (u16, u16) {
    if width >= height { (CELLS_LONG, CELLS_SHORT) } else { (CELLS_SHORT, CELLS_LONG) }
}

/// The rectangles of ticked cells (column, row), neighbours put together: first along their row, then equal rows.
pub fn of_cells(page: u16, (columns, rows): (u16, u16), ticked: &[(u16, u16)]) -> Vec<Cover> {
    let mut runs: Vec<(u16, u16, u16, u16)> = Vec::new();
    for row in 0..rows {
        let mut column = 0;
        while column < columns {
            let count = (column..columns).take_while(|at| ticked.contains(&(*at, row))).count();
            let count = u16::try_from(count).unwrap_or(columns);
            if count > 0 {
                match runs.iter_mut().find(|(x, y, wide, high)| *x == column && *wide == count && y + high == row) {
                    Some(run) => run.3 += 1,
                    None => runs.push((column, row, count, 1)),
                }
            }
            column += count.max(1);
        }
    }
    let at = |cell: u16, cells: u16| u16::try_from(u32::from(cell) * u32::from(SIDE) / u32::from(cells)).unwrap_or(SIDE);
    let place = |from: u16, count: u16, cells: u16| {
        // One thousandth more on the far side: cells must leave no seam between them.
        let (start, end) = (at(from, cells), (at(from + count, cells) + 1).min(SIDE));
        (start, end - start)
    };
    runs.into_iter()
        .map(|(column, row, wide, high)| {
            let ((x, width), (y, height)) = (place(column, wide, columns), place(row, high, rows));
            Cover { page, x, y, width, height }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn neighbouring_cells_become_one_rectangle() {
        let covers = of_cells(0, (16, 12), &[(0, 0), (1, 0), (0, 1), (1, 1), (15, 11)]);
        assert_eq!(covers, [Cover { page: 0, x: 0, y: 0, width: 126, height: 167 }, Cover { page: 0, x: 937, y: 916, width: 63, height: 84 }]);
        assert_eq!(of_cells(3, (12, 16), &[]), []);
    }

    #[test]
    fn what_reaches_over_an_edge_is_cut() {
        assert_eq!(Cover::parse("0,900,900,500,500"), Some(Cover { page: 0, x: 900, y: 900, width: 100, height: 100 }));
        for wrong in ["", "0,1,2,3", "0,1,2,3,4,5", "0,1000,0,1,1", "0,0,0,0,5", "a,b,c,d,e", "0,-1,0,1,1", "0,0,0,99999,1"] {
            assert_eq!(Cover::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_pixel_that_is_touched_is_under_it() {
        let cover = Cover { page: 0, x: 333, y: 0, width: 1, height: 1_000 };
        assert_eq!(cover.pixels(10, 7), (3, 0, 4, 7));
        assert_eq!(Cover { page: 0, x: 999, y: 999, width: 1, height: 1 }.pixels(3, 3), (2, 2, 3, 3));
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(page in 0_u16..20, x in 0_u16..1_000, y in 0_u16..1_000, width in 1_u16..2_000, height in 1_u16..2_000) {
            let cover = Cover::parse(&format!("{page},{x},{y},{width},{height}")).expect("a rectangle");
            prop_assert_eq!(read(&write(&[cover, cover])), vec![cover, cover]);
        }

        #[test]
        fn every_ticked_cell_is_covered_and_pixels_stay_inside(
            ticked in proptest::collection::vec((0_u16..16, 0_u16..12), 0..40), width in 1_u32..3_000, height in 1_u32..3_000,
        ) {
            let covers = of_cells(0, (16, 12), &ticked);
            for (column, row) in ticked {
                let middle = (u32::from(column) * 2 + 1, u32::from(row) * 2 + 1);
                let (x, y) = (middle.0 * 1_000 / 32, middle.1 * 1_000 / 24);
                let covered = covers.iter().any(|c| (u32::from(c.x)..u32::from(c.x + c.width)).contains(&x) && (u32::from(c.y)..u32::from(c.y + c.height)).contains(&y));
                prop_assert!(covered);
            }
            for cover in covers {
                let (left, top, right, bottom) = cover.pixels(width, height);
                prop_assert!(left < right && right <= width && top < bottom && bottom <= height);
            }
        }
    }
}
