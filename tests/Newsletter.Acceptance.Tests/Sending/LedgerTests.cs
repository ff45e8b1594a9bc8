using System.Text.Json;

namespace Newsletter.Acceptance.Tests.Sending;

/// <summary>The ledger from the command line: what servers said, who got what, and the part of it that is tried again.</summary>
public sealed class LedgerTests : IDisposable
{
    private const int Readers = 20;
    private readonly TemporaryFolder folder = new();

    private TheProgram Newsletter => field ??= new(folder.Path);

    [Test]
    public async Task Status_says_what_servers_said_with_its_remedy_deliveries_who_they_were_and_retry_takes_a_part()
    {
        await using var server = new LoopbackSmtp { Script = Refuse };
        await SetUpAsync(server);
        await Newsletter.RunAsync("subscribers", "unsubscribe", "reader19@example.com");

        var send = await Newsletter.RunAsync("send", "1", "--now");
        var status = await Newsletter.RunAsync("status", "1");
        var json = JsonDocument.Parse((await Newsletter.RunAsync("status", "1", "--json")).Output).RootElement;
        var csv = await Newsletter.RunAsync("deliveries", "1", "--state", "failed", "--out", folder.File("failed.csv"));
        var lines = await Newsletter.RunAsync("deliveries", "1", "--state", "sent", "--json");
        server.Script = static _ => null;
        var retry = await Newsletter.RunAsync("retry", "1", "--code", "554");
        var again = await Newsletter.RunAsync("send", "1", "--now", "--json");

        Assert.That((send.Code, status.Code, csv.Code, lines.Code, retry.Code, again.Code), Is.EqualTo((0, 0, 0, 0, 0, 0)), send.Errors + csv.Errors + retry.Errors + again.Errors);
        var rest = JsonDocument.Parse(again.Output).RootElement;
        Assert.That(status.Output, Does.Contain("20 candidates = 19 deliveries + 1 excluded").And.Contain("1 excluded: unsubscribed").And.Contain("16 sent, 0 waiting, 0 claimed, 0 deferred, 3 failed, 0 skipped, 0 in doubt")
            .And.Contain("2 failed: 554 5.7.1 looks like spam (refused by policy").And.Contain("1 failed: 552 5.2.2 mailbox full (the mailbox is full"));
        Assert.That(json.GetProperty("replies").EnumerateArray().Select(reply => (reply.GetProperty("code").GetInt32(), reply.GetProperty("count").GetInt32())), Is.EqualTo(new[] { (554, 2), (552, 1) }));
        Assert.That((await File.ReadAllLinesAsync(folder.File("failed.csv")))[1..], Has.Length.EqualTo(3).And.All.Contains(",failed,1,55"));
        Assert.That(lines.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(16).And.All.Contains("\"state\":\"sent\""));
        Assert.That(retry.Output, Does.StartWith("2 deliveries of edition 1 are due once more"));
        Assert.That((rest.GetProperty("sent").GetInt32(), rest.GetProperty("failed").GetInt32()), Is.EqualTo((18, 1)));
    }

    [Test]
    public async Task A_status_without_any_edition_says_so()
    {
        await using var server = new LoopbackSmtp();
        await SetUpAsync(server);

        var status = await Newsletter.RunAsync("status");

        Assert.That((status.Code, status.Output), Is.EqualTo((0, "")));
        Assert.That(status.Errors, Does.StartWith("There is no edition yet: newsletter send ISSUE --now"));
    }

    [Test]
    public async Task Nothing_of_a_cancelled_edition_is_tried_again()
    {
        await using var server = new LoopbackSmtp();
        await SetUpAsync(server);
        await Newsletter.RunAsync("schedule", "1", "--at", "+1h");
        await Newsletter.RunAsync("cancel", "1");

        var retry = await Newsletter.RunAsync("retry", "1", "--in-doubt");

        Assert.That((retry.Code, retry.Output), Is.EqualTo((1, "")));
        Assert.That(retry.Errors, Does.StartWith("newsletter: edition 1 is cancelled, and nothing of it is tried again; newsletter send ISSUE --now"));
    }

    [TestCase("retry", "1", "--code", "banana")]
    [TestCase("retry", "1", "--domain", "no such")]
    [TestCase("deliveries", "1", "--state", "lost")]
    public async Task What_is_no_code_domain_or_state_is_wrong_usage(params string[] words) => Assert.That((await Newsletter.RunAsync(words)).Code, Is.EqualTo(2));

    public void Dispose() => folder.Dispose();

    private static LoopbackAnswer.Reply? Refuse(LoopbackMoment moment) => (moment.Stage, moment.To) switch
    {
        (LoopbackStage.Letter, "reader3@example.com" or "reader4@example.com") => new("554 5.7.1 looks like spam"),
        (LoopbackStage.Letter, "reader5@example.com") => new("552 5.2.2 mailbox full"),
        _ => null,
    };

    private async Task SetUpAsync(LoopbackSmtp server)
    {
        Directory.CreateDirectory(folder.File("issues"));
        await File.WriteAllTextAsync(folder.File("issues", "0001.md"), "---\ntitle: A title\n---\n\nHello {{ subscriber.name | default: \"you\" }}.\n");
        await File.WriteAllLinesAsync(folder.File("readers.csv"), ["email,name", .. Enumerable.Range(0, Readers).Select(i => $"reader{i}@example.com,Reader {i}")]);
        await File.WriteAllTextAsync(folder.File("appsettings.json"), JsonSerializer.Serialize(new
        {
            Publication = new { Name = "Field Notes", FromAddress = "editor@example.org", PostalAddress = "1 Mill Lane", BaseUrl = "https://news.example.org" },
            Relays = new[] { new { Host = "127.0.0.1", server.Port, Security = "None" } },
        }));
        await Newsletter.RunAsync("subscribers", "import", folder.File("readers.csv"));
    }
}
