//! `ldn import chronic-pain`.

use crate::{ldn, stderr};

#[test]
fn a_daily_table_becomes_a_diary() {
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("daily.csv");
    std::fs::write(&table, "date,kneePain,steps\n2019-01-01,0.0,5\n2019-01-02,3.2,5\n2019-01-04,2.5,5\n")
        .unwrap();
    let run = ldn().args(["import", "chronic-pain", "--symptom", "kneePain"]).arg(&table).assert().success();
    let written = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    assert_eq!(written, "date,pain\n2019-01-02,3.2\n2019-01-04,2.5\n");
    ldn().args(["verdict", "-"]).write_stdin(written).assert().success();
}

#[test]
fn entries_without_a_day_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("export.csv");
    let text = "name,startday,startmonth,startyear,intensity\nKnee Pain,0,1,2019,3\nKnee Pain,2,1,2019,4\n";
    std::fs::write(&export, text).unwrap();
    let run =
        ldn().args(["import", "chronic-pain", "--symptom", "Knee Pain"]).arg(&export).assert().success();
    let errors = String::from_utf8(run.get_output().stderr.clone()).unwrap();
    assert_eq!(errors, "1 entries state no day and were left out, lines 2\n");
}

#[test]
fn an_unknown_symptom_is_named_with_what_there_is() {
    let error = stderr(
        &["import", "chronic-pain", "golden/null-diaries/participant-1-knee.csv", "--symptom", "hip"],
        1,
    );
    assert!(error.contains("expected a column `hip`") && error.contains("date, pain"), "{error}");
}
