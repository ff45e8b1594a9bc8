using System.Text;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Issues;

/// <summary>Files of things that issues list.</summary>
public sealed class DataListTests
{
    [TestCase("data/jobs.yaml", "# The board\n- title: Beekeeper\n  Job Place: \"Leiden: NL\"\n  posted: 2026-05-01\n  categories: [bees, hives]\n  until: ~\n- title: 'Clerk'\n")]
    [TestCase("data/jobs.json", "\n[\t{ \"title\": \"Beekeeper\", \"Job Place\": \"Leiden: NL\", \"posted\": \"2026-05-01\",\n\t\"categories\": [\"bees\", \"hives\"], \"until\": null },\n\n\n\n {\"title\": \"Clerk\"}]")]
    [TestCase("data/jobs.csv", "\n\"title\";Job Place;posted;categories;until\nBeekeeper;Leiden: NL;2026-05-01;\"bees, hives\";\n\n\n\nClerk\n")]
    public void Items_are_read_with_their_keys_and_lines(string file, string text)
    {
        var list = Read(file, text.Replace("\n", "\r\n", StringComparison.Ordinal));

        Assert.That(list.Problems, Is.Empty);
        Assert.That(list.Items.Select(item => item.Values["title"]), Is.EqualTo(new[] { "Beekeeper", "Clerk" }));
        Assert.That(list.Items[0].Values["job_place"], Is.EqualTo("Leiden: NL"));
        Assert.That(list.Items[0].Values["categories"], Is.EqualTo("bees, hives"));
        Assert.That((list.Items[0].Posted, list.Items[0].Until), Is.EqualTo(((DateOnly?)new DateOnly(2026, 5, 1), (DateOnly?)null)));
        Assert.That(list.Items.Select(item => item.Line), Is.EqualTo(file.EndsWith(".yaml", StringComparison.Ordinal) ? new[] { 2, 7 } : file.EndsWith(".json", StringComparison.Ordinal) ? [2, 7] : [3, 7]));
        Assert.That(list.FormName, Is.EqualTo("data/jobs.md"));
    }

    [TestCase("data/a.json", "[{\"title\": \"caf\\u00e9 \\ud83d\\udc1d \\/ \\\"x\\\" \\n y\"}]", "café 🐝 / \"x\" \n y")]
    [TestCase("data/a.yaml", "- title: >\n    two\n    lines\n", "two lines\n")]
    [TestCase("data/a.csv", "title,x\n\"two\nlines, \"\"quoted\"\"\",y\n", "two\nlines, \"quoted\"")]
    public void Values_are_the_words_that_were_meant(string file, string text, string value) => Assert.That(Read(file, text).Items.Single().Values["title"], Is.EqualTo(value));

    [TestCase("data/a.yaml", "")]
    [TestCase("data/a.yaml", "# none today\n")]
    [TestCase("data/a.yaml", "[]")]
    [TestCase("data/a.csv", "\n")]
    [TestCase("data/a.csv", "title,url\n")]
    public void A_file_may_have_no_items(string file, string text)
    {
        var list = Read(file, text);

        Assert.That((list.Items.Count, list.Problems.Count), Is.EqualTo((0, 0)));
    }

    [TestCase("data/a.yaml", "- title: a\n- title: b: c\n- title: d\n", "2 list-invalid", 1)]
    [TestCase("data/a.yaml", "title: a\n", "1 list-invalid", 0)]
    [TestCase("data/a.yaml", "- title: a\n- words\n- title: b\n", "2 list-item", 2)]
    [TestCase("data/a.yaml", "- title: a\n  posted: yesterday\n- title: b\n", "1 list-item", 1)]
    [TestCase("data/a.yaml", "- title: a\n  title: b\n", "2 list-item", 1)]
    [TestCase("data/a.json", "[{\"title\": \"a\"},\n{\"title\": ", "2 list-invalid", 1)]
    [TestCase("data/a.csv", "title,posted\na,2026-01-01\n\"b,2026-01-01\nc,2026-01-01\n", "3 list-item", 2)]
    [TestCase("data/a.csv", "title,posted\na,2026-01-01,x\nc,2026-02-30\nd\n", "2 list-item,3 list-item", 1)]
    [TestCase("data/a.csv", "title,Title\na,b\n", "1 list-invalid", 0)]
    [TestCase("data/a.csv", "\"title\na\n", "1 list-invalid", 0)]
    [TestCase("data/a.csv", "t\0itle\n", "1 file-nul", 0)]
    public void What_cannot_be_read_is_said_with_its_line_and_costs_no_other_item(string file, string text, string problems, int items)
    {
        var list = Read(file, text);

        Assert.That(string.Join(',', list.Problems.Select(problem => $"{problem.Line} {problem.Code}")), Is.EqualTo(problems));
        Assert.That(list.Problems.Select(problem => problem.Severity), Is.All.EqualTo(Severity.Error));
        Assert.That(list.Items, Has.Count.EqualTo(items));
    }

    [Test]
    public void A_file_in_another_encoding_is_refused() =>
        Assert.That(DataList.Read("data/a.csv", Encoding.Latin1.GetBytes("title\nKöln\n")).Problems.Single(), Has.Property("Code").EqualTo("file-encoding").And.Property("Line").EqualTo(2));

    [TestCase("data/a.yaml", "- a: b\n", 100_000)]
    [TestCase("data/a.yaml", "[", 100_000)]
    [TestCase("data/a.yaml", "- - ", 100_000)]
    [TestCase("data/a.yaml", "- {a: ", 100_000)]
    [TestCase("data/a.yaml", "- &a\n- *a\n", 100_000)]
    [TestCase("data/a.csv", "\"a\n", 400_000)]
    [TestCase("data/a.csv", "a,", 500_000)]
    [TestCase("data/a.csv", "a\n", 500_000)]
    [TestCase("data/a.csv", "a,\"\n", 300_000)]
    public void A_hostile_file_is_bounded(string file, string unit, int times)
    {
        var list = Read(file, string.Concat(Enumerable.Repeat(unit, times)));

        Assert.That(list.Items, Has.Count.LessThanOrEqualTo(DataList.MaxItems));
        Assert.That(list.Problems, Is.Not.Empty);
    }

    private static DataList Read(string file, string text) => DataList.Read(file, Encoding.UTF8.GetBytes(text));
}
