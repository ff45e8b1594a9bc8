using Newsletter.Cli;

namespace Newsletter.Acceptance.Tests;

public sealed class PlainTests
{
    /// <summary>In one test: names of cases with such signs in them get lost in reports.</summary>
    [Test]
    public void What_outsiders_write_steers_no_terminal()
    {
        string[] texts = ["\u001b]0;owned\u0007\u001b[2Jhello", "\u009b31mred", "one\r\ntwo\u2028three", "invoice\u202efdp.exe\u2066", "👩\u200d🌾 Zoë"];

        var plain = texts.Select(Plain.Line);

        Assert.That(plain, Is.EqualTo(new[] { "]0;owned[2Jhello", "31mred", "one  two three", "invoicefdp.exe", "👩\u200d🌾 Zoë" }));
    }

    [Test]
    public async Task The_inbox_shows_a_hostile_reply_as_words()
    {
        using var folder = new TemporaryFolder();
        var program = new TheProgram(folder.Path);
        string[] settings = ["--set", "Publication:Name=Field Notes", "--set", "Publication:FromAddress=editor@example.org", "--set", "Publication:PostalAddress=1 Mill Lane", "--set", "Publication:BaseUrl=https://news.example.org"];
        await program.FeedAsync("From: \"\u001b[2J\" <ida@harbour.example>\nSubject: a\u001b]0;b\u202e\nContent-Type: text/plain; charset=utf-8\n\nbody \u001b[31m \u202e\n", ["receive", "-", .. settings]);

        var list = await program.RunAsync(["inbox", .. settings]);
        var shown = await program.RunAsync(["inbox", "show", "1", .. settings]);

        Assert.That((list.Output.Contains("ida@harbour.example", StringComparison.Ordinal), shown.Output.Contains("body", StringComparison.Ordinal)), Is.EqualTo((true, true)));
        Assert.That((list.Output + shown.Output).ToCharArray(), Has.None.EqualTo('\u001b').And.None.EqualTo('\u202e')); // as letters: where words are compared, these count for nothing
    }
}
