using System.Text;
using Newsletter.Acceptance.Tests.BadInput;

namespace Newsletter.Acceptance.Tests;

/// <summary><c>newsletter inline</c> on files as people have them.</summary>
public sealed class InlineTests : IDisposable
{
    private const string Letter = "<html><head><style>p{color:red}</style></head><body><p>caf\u00e9</p></body></html>";
    private const string Inlined = "<p style=\"color:red\">caf\u00e9</p>";

    private readonly APublication folder = new();

    [TestCase("utf-8"), TestCase("utf-16"), TestCase("utf-16BE"), TestCase("iso-8859-1")]
    public async Task A_file_keeps_its_encoding(string name)
    {
        var encoding = Encoding.GetEncoding(name);
        byte[] octets = [.. encoding.Preamble, .. encoding.GetBytes(Letter)];
        Directory.CreateDirectory(folder.File("from"));
        await File.WriteAllBytesAsync(folder.File("from", "a.html"), octets);

        var run = await folder.Newsletter.RunAsync("inline", "--from", "from", "--to", "to");

        Assert.That(run.Code, Is.Zero, run.Errors);
        var made = await File.ReadAllBytesAsync(folder.File("to", "a.html"));
        Assert.That(made.AsSpan().IndexOf(encoding.GetBytes(Inlined)), Is.Positive);
        Assert.That(made.Take(encoding.Preamble.Length), Is.EqualTo(encoding.Preamble.ToArray()));
    }

    [Test]
    public async Task A_style_sheet_is_read_from_below_the_folder_alone_whatever_a_link_says()
    {
        Directory.CreateDirectory(folder.File("from", "css"));
        await File.WriteAllTextAsync(folder.File("outside.css"), "p{color:blue}");
        await File.WriteAllTextAsync(folder.File("from", "css", "in.css"), "p{margin:0}");
        File.CreateSymbolicLink(folder.File("from", "out.css"), folder.File("outside.css"));
        await File.WriteAllTextAsync(folder.File("from", "a.html"),
            "<head><link rel=stylesheet href=out.css><link rel=stylesheet href=../outside.css><link rel=stylesheet href=css/in.css></head><p>x");

        var run = await folder.Newsletter.RunAsync("inline", "from/a.html");

        Assert.That(run.Output, Does.EndWith("<p style=\"margin:0\">x").And.Contains("href=out.css").And.Contains("href=../outside.css"));
        Assert.That(run.ErrorLines, Has.Length.EqualTo(2).And.All.Contains("from/a.html: the style sheet"));
        Assert.That(run.Errors, Does.Contain("`out.css`").And.Contains("`../outside.css`"));
    }

    [Test]
    public async Task Documents_are_not_overwritten_by_a_slip()
    {
        await File.WriteAllTextAsync(folder.File("issues", "a.html"), Letter);

        var run = await folder.Newsletter.RunAsync("inline", "--from", "issues", "--to", "issues/");

        Assert.That((run.Code, await File.ReadAllTextAsync(folder.File("issues", "a.html"))), Is.EqualTo((2, Letter)), run.Errors);
    }

    [TestCase("none.html"), TestCase("issues"), TestCase("--bench", "none"), TestCase("--from", "none", "--to", "to"), TestCase("--from", "issues", "--to", "to")]
    public async Task What_is_not_there_is_said_in_a_line(params string[] arguments)
    {
        var run = await folder.Newsletter.RunAsync(["inline", .. arguments]);

        Assert.That((run.Code, run.ErrorLines.Length), Is.EqualTo((1, 1)), run.Errors);
        Assert.That(Directory.Exists(folder.File("to")), Is.False);
    }

    [Test]
    public async Task A_result_that_cannot_be_written_is_the_disk_s_fault()
    {
        await File.WriteAllTextAsync(folder.File("issues", "a.html"), Letter);
        Directory.CreateDirectory(folder.File("to", "a.html"));

        var run = await folder.Newsletter.RunAsync("inline", "--from", "issues", "--to", "to");

        Assert.That((run.Code, run.ErrorLines.Length), Is.EqualTo((3, 1)), run.Errors);
    }

    [TestCase("--bench", ".", "--seconds", "NaN"), TestCase("--bench", ".", "--seconds", "1e300"), TestCase("--bench", ".", "--seconds", "-5")]
    [TestCase("a.html", "--from", ".", "--to", "to"), TestCase("--from", ".")]
    public async Task Wrong_usage_is_told(params string[] arguments)
    {
        var run = await folder.Newsletter.RunAsync(["inline", .. arguments]);

        Assert.That((run.Code, run.ErrorLines.Length), Is.EqualTo((2, 1)), run.Errors);
        Assert.That(run.Errors, Does.Contain("(newsletter inline --help tells how to write it)"));
    }

    public void Dispose() => folder.Dispose();
}
