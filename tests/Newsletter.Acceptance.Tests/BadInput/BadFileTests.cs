namespace Newsletter.Acceptance.Tests.BadInput;

/// <summary>Lists and mails that are not there or are none.</summary>
public sealed class BadFileTests : IDisposable
{
    private readonly APublication publication = new();

    [TestCase("no.csv", "no.csv: no such file; give a CSV list")]
    [TestCase("issues", "issues: no such file; give a CSV list")]
    public async Task A_list_that_is_not_there_is_said(string file, string words)
    {
        var run = await publication.Newsletter.RunAsync("subscribers", "import", file);

        APublication.Says(run, 1, words);
        Assert.That(Directory.Exists(publication.File("subscribers")), Is.False);
    }

    [TestCase("", "list.csv:1: the list is empty")]
    [TestCase("name,town\nAda,Paris\nBob,Rome\n", "list.csv:1: no column is named email")]
    [TestCase("email,name\nada@example.org,\"Ada\n", "list.csv:2: ")]
    public async Task A_list_that_is_none_is_said_with_its_line_and_nobody_is_in(string text, string words)
    {
        await File.WriteAllTextAsync(publication.File("list.csv"), text);

        var run = await publication.Newsletter.RunAsync("subscribers", "import", "list.csv");

        Assert.That((run.Code, run.ErrorLines.Length), Is.EqualTo((1, 1)), run.Errors);
        Assert.That(run.Errors, Does.StartWith(words).And.Not.Contain("   at "));
        Assert.That(publication.Count("subscribers"), Is.Zero);
    }

    [TestCase("no.eml: there is no such file", "receive", "no.eml")]
    [TestCase("issues: there is no such file", "receive", "issues")]
    [TestCase("no: there is no such folder; name a Maildir", "receive", "--maildir", "no")]
    [TestCase("no.eml: no such file or folder", "classify", "no.eml")]
    public async Task A_mail_that_is_not_there_is_said(string words, params string[] command)
    {
        var run = await publication.Newsletter.RunAsync(command);

        APublication.Says(run, 1, words, "; ");
    }

    public void Dispose() => publication.Dispose();
}
