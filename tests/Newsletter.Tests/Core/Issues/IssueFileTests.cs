using System.Text;
using CsCheck;
using Newsletter.Issues;

namespace Newsletter.Tests.Core.Issues;

public sealed class IssueFileTests
{
    [Test]
    public void An_issue_is_read_with_its_keys_and_body()
    {
        var reading = Read("issues/0149-hedges.md", """
            ---
            title: "#149 - 10 Dec 2022" # a comment
            subtitle: "Hedges: what grew; Bees' homes;
              a slow river"
            date: 2022-12-10
            layout: email
            status: ready
            reply-to: desk@example.org
            tags: [hedges, bees]
            authors: Ida, Marta
            send-at: 2022-12-10T09:00
            mood: "quiet"
            ---

            Text.
            """);

        Assert.That(reading.Problems, Is.Empty);
        var issue = reading.Issue!;
        Assert.Multiple(() =>
        {
            Assert.That(issue.Number, Is.EqualTo(149));
            Assert.That(issue.Slug, Is.EqualTo("0149-hedges"));
            Assert.That(issue.Title, Is.EqualTo("#149 - 10 Dec 2022"));
            Assert.That(issue.Subject, Is.EqualTo(issue.Title));
            Assert.That(issue.Subtitle, Is.EqualTo("Hedges: what grew; Bees' homes; a slow river"));
            Assert.That(issue.Date, Is.EqualTo(new DateOnly(2022, 12, 10)));
            Assert.That(issue.Status, Is.EqualTo(IssueStatus.Ready));
            Assert.That(issue.Tags, Is.EqualTo(new[] { "hedges", "bees" }));
            Assert.That(issue.Authors, Is.EqualTo(new[] { "Ida", "Marta" }));
            Assert.That(issue.FrontMatter["mood"]!.Text, Is.EqualTo("quiet"));
            Assert.That(issue.Body, Is.EqualTo("\nText."));
            Assert.That(issue.BodyLine, Is.EqualTo(14));
        });
    }

    /// <summary>The slip, and the problem it is: line, column, severity, code.</summary>
    [TestCase("title: a\ndate: 2024-20-05", "3:7: error date-invalid")]
    [TestCase("title: a\ndate: tomorrow", "3:7: error date-invalid")]
    [TestCase("title: a\ndate 2024-05-20\nlayout: email", "3:16: error key-colon")]
    [TestCase("title \"a\"\ndate: 2024-05-20", "2:10: error key-colon")]
    [TestCase("title:\"a\"\ndate: 2024-05-20", "2:10: error key-colon")]
    [TestCase("title: a\nsubtitle: b: c", "3:12: error front-matter-invalid")]
    [TestCase("title: \"a\nsubtitle: b", "2:8: error front-matter-invalid")]
    [TestCase("title: a\nnumber: 7", "3:9: error number-mismatch")]
    [TestCase("title: a\nnumber: seven", "3:9: error number-invalid")]
    [TestCase("title: a\ntitle: b", "3:1: error key-twice")]
    [TestCase("title: a\nstatus: redy", "3:9: error status-unknown")]
    [TestCase("title: a\nslug: A b", "3:7: error slug-invalid")]
    [TestCase("title: a\ntheme: ../../etc", "3:8: error theme-invalid")]
    [TestCase("title: a\nreply-to: nobody", "3:11: error reply-to-invalid")]
    [TestCase("title: a\nlang: deutsch!", "3:7: error lang-invalid")]
    [TestCase("title: a\ncanonical: /here", "3:12: error address-invalid")]
    [TestCase("title: a\nsend-at: soon", "3:10: error time-invalid")]
    [TestCase("title: a\nhero-img: a nice hedge", "3:11: warning image-invalid")]
    [TestCase("title: a\nmarkdown: [footnotes, tables]", "3:11: error markdown-unknown")]
    [TestCase("title: a\nhero-img: C:\\pics\\a.png", "3:11: warning image-invalid")]
    [TestCase("title: a\nlang: english", "3:7: error lang-invalid")]
    [TestCase("date: 2024-05-20", "1:1: error subject-missing")]
    [TestCase("date: 2024-05-20\ntitle: #401 - Rope\nstatus: ready", "3:7: error subject-missing")]
    [TestCase("title: a\ntags: [a, b\nstatus: ready", "3:7: error front-matter-invalid")]
    [TestCase("title: a\ntags: [a, b", "3:7: error front-matter-invalid")]
    [TestCase("- a\n- b", "2:1: error front-matter-invalid")]
    [TestCase("title: &a x\nsubtitle: *a", "3:11: error front-matter-invalid")]
    public void A_slip_in_the_front_matter_is_named_with_its_place(string yaml, string problem)
    {
        var reading = Read("0149.md", $"---\n{yaml}\n---\nText.\n");

        Assert.That(reading.Problems.Select(p => $"{p.Line}:{p.Column}: {p.Severity.ToString().ToLowerInvariant()} {p.Code}"), Is.EqualTo(new[] { problem }));
    }

    [Test]
    public void All_slips_are_named_and_not_only_the_first()
    {
        var reading = Read("0149.md", "---\ntitle: a\ndate: x\nstatus: y\nnumber: 3\n---\n");

        Assert.That(reading.Problems.Select(p => p.Code), Is.EqualTo(new[] { "date-invalid", "status-unknown", "number-mismatch" }));
    }

    [TestCase("", "1:1 file-empty")]
    [TestCase(" \r\n\n", "1:1 file-empty")]
    [TestCase("---\ntitle: a\n", "1:1 front-matter-open")]
    [TestCase("---\ntitle: a\n---\nb\0c", "4:2 file-nul")]
    public void A_file_that_can_be_no_issue_is_refused(string text, string problem)
    {
        var reading = Read("0149.md", text);

        Assert.That(reading.Issue, Is.Null);
        Assert.That(reading.Problems.Select(p => $"{p.Line}:{p.Column} {p.Code}"), Is.EqualTo(new[] { problem }));
    }

    [Test]
    public void A_file_that_is_not_utf8_is_refused_with_line_column_and_offset()
    {
        var reading = IssueFile.Read("0149.md", Encoding.Latin1.GetBytes("---\ntitle: caf\u00e9\n---\n"));

        Assert.That(reading.Issue, Is.Null);
        Assert.That(reading.Problems.Single().ToString(), Is.EqualTo("2:11: error file-encoding the file is not UTF-8: octet 0xE9 at offset 14 (save it as UTF-8)"));
    }

    [Test]
    public void A_file_of_more_than_two_megabytes_is_refused()
    {
        var reading = IssueFile.Read("0149.md", new byte[IssueFile.MaxBytes + 1]);

        Assert.That(reading.Problems.Single().Message, Is.EqualTo("the file has 2,000,001 octets, an issue has at most 2,000,000"));
    }

    [Test]
    public void A_byte_order_mark_and_carriage_returns_do_not_matter()
    {
        var reading = Read("0149.md", "\uFEFF---\r\ntitle: a\r\n---\r\nb\r\nc\r\n");

        Assert.That(reading.Problems, Is.Empty);
        Assert.That(reading.Issue!.Body, Is.EqualTo("b\nc\n"));
    }

    [Test]
    public void A_control_character_is_left_out_and_named()
    {
        var reading = Read("0149.md", "---\ntitle: a\n---\nb\u0092s 😀\u0007\n");

        Assert.That(reading.Issue!.Body, Is.EqualTo("b s 😀 \n"));
        Assert.That(reading.Problems.Single().ToString(), Does.StartWith("4:2: warning control-character"));
    }

    [TestCase("[footnotes, emoji]", true)]
    [TestCase("footnotes, emoji", true)]
    [TestCase("[]", false)]
    [TestCase("", false)]
    public void What_markdown_understands_is_a_list_of_names(string value, bool isOn)
    {
        var options = Read("0149.md", $"---\ntitle: a\nmarkdown: {value}\n---\n").Issue!.Markdown;

        Assert.That(options, Is.EqualTo(new MarkdownOptions { Footnotes = isOn, Emoji = isOn }));
        Assert.That(Read("0149.md", "---\ntitle: a\n---\n").Issue!.Markdown, Is.Null);
    }

    [TestCase("0149.md", 149)]
    [TestCase("0149-some-slug.md", 149)]
    [TestCase("issues/7.md", 7)]
    [TestCase("issue.md", null)]
    [TestCase("149th.md", null)]
    [TestCase("99999999999.md", null)]
    public void The_number_comes_from_the_name(string name, int? number) => Assert.That(IssueFile.NumberOf(name), Is.EqualTo(number));

    [Test]
    public void A_name_without_number_is_a_warning_unless_the_front_matter_has_one()
    {
        Assert.That(Read("issue.md", "---\ntitle: a\n---\n").Problems.Single().Code, Is.EqualTo("number-missing"));
        Assert.That(Read("issue.md", "---\ntitle: a\nnumber: 12\n---\n").Issue!.Number, Is.EqualTo(12));
    }

    [Test]
    public void Without_front_matter_the_text_is_kept_and_the_lack_is_named()
    {
        var reading = Read("0149.md", "# Hello\n");

        Assert.That(reading.Issue!.Body, Is.EqualTo("# Hello\n"));
        Assert.That(reading.Problems.Select(p => p.Code), Is.EqualTo(new[] { "front-matter-missing", "subject-missing" }));
    }

    [Test]
    public void Random_files_are_read_or_refused_and_never_throw()
    {
        string[] vocabulary = ["---\n", "title", ": ", "\"", "'", "\n", "  ", "- ", "[", "]", "{", "}", "&a ", "*a", "!!int ", "|", ">", "? ", "#", "date", "2024-02-30", "\t", "é", "\r", "%", "@", "..."];

        Gen.Int[0, vocabulary.Length - 1].Select(i => vocabulary[i]).Array[0, 40].Sample(words => Read("0001.md", "---\n" + string.Concat(words) + "\n---\nx").Problems.All(p => p.Line >= 0));
        Gen.Byte.Array[0, 60].Sample(bytes => IssueFile.Read("0001.md", bytes) is not null);
    }

    [TestCase("...\t!!int |@@")]
    [TestCase("... !!int |@@")]
    public void Words_behind_the_end_of_the_front_matters_document_are_refused(string words)
    {
        var reading = Read("0149.md", $"---\n{words}\n---\nx");

        Assert.That(reading.Problems.Select(p => (p.Line, p.Code)), Is.EqualTo(new[] { (2, "front-matter-invalid") }));
    }

    [Test]
    public void Front_matter_nested_without_end_is_refused()
    {
        var reading = Read("0149.md", $"---\ntitle: {new string('[', 100_000)}\n---\n");

        Assert.That(reading.Problems.Select(p => p.Code), Is.EqualTo(new[] { "front-matter-invalid" }));
    }

    [Test]
    public void A_draft_and_a_segment_bar_an_issue_from_being_sent_and_make_it_no_worse_to_look_at()
    {
        var reading = Read("0149.md", "---\ntitle: a\nstatus: draft\nsegment: press\n---\nb\n");

        Assert.That(reading.HasErrors, Is.False);
        Assert.That(reading.Issue!.BarsToSending().Select(bar => (bar.Line, bar.Code)), Is.EqualTo(new[] { (3, "status-draft"), (4, "segment-missing") }));
        Assert.That(Read("0149.md", "---\ntitle: a\nstatus: ready\n---\nb\n").Issue!.BarsToSending(), Is.Empty);
    }

    private static IssueReading Read(string name, string text) => IssueFile.Read(name, Encoding.UTF8.GetBytes(text));
}
