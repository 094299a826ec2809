use super::*;

fn texts(text: &str) -> Vec<Vec<String>> {
    let mut remarks = Vec::new();
    let table = of_text(text, &mut remarks);
    assert_eq!(remarks, []);
    let cell = |cell: &SheetCell| match cell {
        SheetCell::Text(text) => text.clone(),
        _ => String::new(),
    };
    table
        .rows
        .iter()
        .map(|(_, row)| row.iter().map(cell).collect())
        .collect()
}

#[test]
fn the_delimiter_is_found() {
    let expected = vec![vec!["Dato", "Hva, hvor"], vec!["7.3.", "A, b, c"]];
    for text in [
        "Dato;Hva, hvor\n7.3.;A, b, c\n",
        "Dato\tHva, hvor\n7.3.\tA, b, c",
        "Dato,\"Hva, hvor\"\r\n7.3.,\"A, b, c\"\r\n",
    ] {
        assert_eq!(texts(text), expected, "{text}");
    }
}

#[test]
fn empty_rows_are_passed_over_and_the_others_keep_their_numbers() {
    let table = of_text("a;b\n;\n\n  ;c\n", &mut Vec::new());
    let numbers: Vec<usize> = table.rows.iter().map(|row| row.0).collect();
    assert_eq!(numbers, [1, 4]);
}

fn fill_all(grid: &mut [(usize, Vec<SheetCell>)], range: &Dimensions) -> bool {
    let (mut left, mut cells) = (CONTENT, MERGED);
    fill(grid, range, (&mut left, &mut cells))
}

#[test]
fn a_merged_column_is_filled_downwards_and_a_heading_is_not() {
    let text = |text: &str| SheetCell::Text(text.into());
    let mut grid = vec![
        (0, vec![text("Mars")]),
        (1, vec![text("7.3."), text("A")]),
        (2, vec![SheetCell::Empty, text("B")]),
        (3, vec![SheetCell::Empty, text("C")]),
    ];
    assert!(fill_all(&mut grid, &Dimensions::new((0, 0), (0, 3))));
    assert!(fill_all(&mut grid, &Dimensions::new((1, 0), (2, 0))));
    assert!(fill_all(
        &mut grid,
        &Dimensions::new((9, 0), (4_000_000_000, 0))
    ));
    assert_eq!(grid[2].1[0], text("7.3."));
    assert_eq!(grid[3].1[0], SheetCell::Empty);
    assert_eq!(grid[0].1.len(), 1);
}

#[test]
fn cells_that_share_a_long_text_are_read_up_to_a_bound() {
    let long = SheetCell::Text("Å".repeat(LETTERS));
    let mut grid: Vec<(usize, Vec<SheetCell>)> = vec![(0, vec![long])];
    grid.extend((1..5_000).map(|row| (row, vec![SheetCell::Empty])));
    let range = Dimensions::new((0, 0), (4_999, 0));
    assert!(!fill_all(&mut grid, &range));
    let texts = grid.iter().filter(|(_, cells)| !cells[0].is_empty());
    assert_eq!(
        texts.count(),
        1 + CONTENT / (2 * LETTERS + size_of::<SheetCell>())
    );
}

#[test]
fn overlapping_ranges_take_no_more_than_all_cells_of_a_sheet() {
    let mut grid: Vec<(usize, Vec<SheetCell>)> = (0..ROWS)
        .map(|row| (row, vec![SheetCell::Number(1.0)]))
        .collect();
    let last = u32::try_from(ROWS).unwrap() - 1;
    let range = Dimensions::new((0, 0), (last, 0));
    let (mut left, mut cells) = (CONTENT, MERGED);
    let done = (0..RANGES).take_while(|_| fill(&mut grid, &range, (&mut left, &mut cells)));
    assert_eq!(done.count(), MERGED / (ROWS - 1));
    assert_eq!(cells, 0);
}

#[test]
fn empty_cells_before_a_distant_one_count() {
    let mut left = 100 * size_of::<SheetCell>();
    let mut rows: Vec<Vec<SheetCell>> = vec![Vec::new(); 3];
    let mut rows = rows.iter_mut();
    let mut widened = || widen(rows.next().unwrap(), COLUMNS - 1, &mut left);
    assert!(widened());
    assert!(!widened());
}
