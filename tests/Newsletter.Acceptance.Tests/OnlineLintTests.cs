namespace Newsletter.Acceptance.Tests;

/// <summary><c>lint --online</c> as a person runs it, against a site on loopback.</summary>
public sealed class OnlineLintTests
{
    private static readonly string[] Settings =
        ["--set", "Publication:Name=Field Notes", "--set", "Publication:FromAddress=editor@example.org", "--set", "Publication:PostalAddress=1 Mill Lane", "--set", "Publication:BaseUrl=https://news.example.org"];

    [Test]
    public async Task What_is_seen_on_the_web_stands_among_the_other_findings_and_sizes_are_kept()
    {
        await using var site = await AnsweringSite.StartAsync();
        using var folder = new TemporaryFolder();
        await WriteIssueAsync(folder, $"See the the [old page]({site.Base}/gone).\n\n![A bee]({site.Base}/bee.png)\n\nThe hill the the hill.\n");

        var ran = await new TheProgram(folder.Path).RunAsync(["lint", folder.File("issues"), "--online", "--allow-private", .. Settings]);

        var found = Lines(ran).Where(line => line.Contains(" word-twice ", StringComparison.Ordinal) || line.Contains(" online-", StringComparison.Ordinal)).ToList();
        Assert.That(found.Select(line => $"{line.Split(':')[0]} {line.Split(' ')[2]}"), Is.EqualTo(new[] { "4 word-twice", "4 online-dead", "8 word-twice" }), ran.Output);
        Assert.That(found[1], Does.Contain("/gone` answers 410: the page is gone"));
        Assert.That(await File.ReadAllTextAsync(folder.File("images.json")), Does.Contain($"\"{site.Base}/bee.png\"").And.Contain("\"width\": 640"));
        Assert.That((ran.Code, ran.ErrorLines.Length), Is.EqualTo((0, 1)), ran.Errors);
        Assert.That(site.Asked.Order(StringComparer.Ordinal), Is.EqualTo(new[] { "GET /bee.png", "GET /gone", "HEAD /gone" }));
    }

    [Test]
    public async Task This_machine_is_not_asked_without_the_word_for_it()
    {
        await using var site = await AnsweringSite.StartAsync();
        using var folder = new TemporaryFolder();
        await WriteIssueAsync(folder, $"An [old page]({site.Base}/gone).\n");

        var ran = await new TheProgram(folder.Path).RunAsync(["lint", folder.File("issues"), "--online", .. Settings]);

        Assert.That(Lines(ran), Has.Some.Contains("online-unreached").And.Contains("a private network, which is not asked"));
        Assert.That((site.Asked.Count, File.Exists(folder.File("images.json"))), Is.EqualTo((0, false)));
    }

    private static async Task WriteIssueAsync(TemporaryFolder folder, string body)
    {
        Directory.CreateDirectory(folder.File("issues"));
        await File.WriteAllTextAsync(folder.File("issues", "0001.md"), $"---\ntitle: \"#1 - Hedges\"\n---\n{body}");
    }

    // Without the file's name.
    private static List<string> Lines(Ran ran) => [.. ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[(line.IndexOf(".md:", StringComparison.Ordinal) + 4)..])];
}
