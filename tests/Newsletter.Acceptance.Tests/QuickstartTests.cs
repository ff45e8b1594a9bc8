using System.Text.Json;

namespace Newsletter.Acceptance.Tests;

/// <summary>The README's first command.</summary>
public sealed class QuickstartTests
{
    [Test]
    public async Task The_whole_round_says_each_mail_once_and_a_second_round_sends_nothing()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "issues", "subscribers" })
            Directory.CreateDirectory(folder.File(name));
        await File.WriteAllTextAsync(folder.File("issues", "0001.md"), "---\ntitle: Spring\n---\n\nHello.\n");
        await File.WriteAllTextAsync(folder.File("subscribers", "example.csv"), "email\nida@harbour.example\ngone@college.example\nzoe@hill.example\n");
        await File.WriteAllTextAsync(folder.File("appsettings.json"), JsonSerializer.Serialize(new
        {
            Publication = new { Name = "Field Notes", FromAddress = "editor@example.org", PostalAddress = "1 Mill Lane", BaseUrl = "https://news.example.org" },
        }));
        var newsletter = new TheProgram(folder.Path);

        var first = await newsletter.RunAsync("quickstart");
        var second = await newsletter.RunAsync("quickstart");

        Assert.That((first.Code, second.Code), Is.EqualTo((0, 0)), $"{first.Errors}{second.Errors}");
        Assert.That(first.Output, Does.Contain("3 of 3 sent").And.Contain("5. Receive   2 mails from inbox/: bounce, reply\n"));
        Assert.That(first.Output.Split("  bounce  gone@college.example, now suspended: "), Has.Length.EqualTo(2));
        Assert.That(second.Output, Does.Contain("Nothing was sent").And.Contain("2 mails from inbox/: bounce, reply; both came before, and nothing is done twice\n"));
    }
}
