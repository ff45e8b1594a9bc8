using System.Text.Json;
using MimeKit;
using Newsletter.Acceptance.Tests.BadInput;

namespace Newsletter.Acceptance.Tests.Sending;

/// <summary><c>Sending:Sandbox</c>: everything as in earnest, and every mail to one address.</summary>
public sealed class SandboxTests
{
    private const string Tester = "tester@example.net";
    private readonly APublication publication = new();

    [TearDown]
    public void Remove_the_folder() => publication.Dispose();

    [Test]
    public async Task Every_letter_goes_to_the_one_address_says_for_whom_it_was_and_takes_the_issue_from_no_reader()
    {
        await using var server = new LoopbackSmtp { KeepsBytes = true };
        await SetUpAsync();

        var tried = await RunAsync(server, "send", "1", "--now", "--json", "--set", $"Sending:Sandbox={Tester}");
        var twice = await RunAsync(server, "send", "1", "--now", "--json", "--set", $"Sending:Sandbox={Tester}");
        var status = await publication.Newsletter.RunAsync("status");
        var inSandbox = server.Letters.ToList();
        var real = await RunAsync(server, "send", "1", "--now", "--json");

        Assert.That((tried.Code, twice.Code, real.Code), Is.EqualTo((0, 0, 0)), tried.Errors + real.Errors);
        Assert.That(tried.Errors, Does.Contain($"SANDBOX: every mail goes to {Tester} and none to a reader"));
        Assert.That(inSandbox, Has.Count.EqualTo(6));
        Assert.That(inSandbox.Select(letter => letter.To.Single()), Has.All.EqualTo(Tester));
        var mails = inSandbox.Select(letter => MimeMessage.Load(new MemoryStream(letter.Bytes.ToArray()))).ToList();
        Assert.That(mails.SelectMany(mail => mail.To.Mailboxes).Select(mailbox => mailbox.Address), Has.All.EqualTo(Tester), "who answers to all reaches no reader");
        Assert.That(mails.Take(3).Select(mail => mail.TextBody!.Split("It would have gone to ")[1].Split(". ***")[0]), Is.EquivalentTo(new[] { "reader1@example.com", "reader2@example.com", "reader3@example.com" }));
        Assert.That(mails.Select(mail => mail.Subject), Has.All.EqualTo("[Sandbox] A title"));
        Assert.That(status.Output, Does.Contain($"sandbox: every letter goes to {Tester}"));
        Assert.That(JsonDocument.Parse(tried.Output).RootElement.GetProperty("sandbox").GetString(), Is.EqualTo(Tester));
        Assert.That((APublication.Tally(real).GetProperty("sent").GetInt32(), APublication.Tally(real).GetProperty("excluded").GetInt32()), Is.EqualTo((3, 0)));
        Assert.That(server.Letters.Skip(6).Select(letter => letter.To.Single()), Is.EquivalentTo(new[] { "reader1@example.com", "reader2@example.com", "reader3@example.com" }));
    }

    [Test]
    public async Task What_the_tester_or_the_testers_server_does_touches_no_reader()
    {
        await using var server = new LoopbackSmtp { Script = moment => moment is { Stage: LoopbackStage.Recipient, To: Tester } ? new LoopbackAnswer.Reply("550 5.1.1 no such user") : null };
        await SetUpAsync();

        var tried = await RunAsync(server, "send", "1", "--now", "--json", "--set", $"Sending:Sandbox={Tester}");

        Assert.That(APublication.Tally(tried).GetProperty("failed").GetInt32(), Is.EqualTo(3));
        Assert.That(publication.Count("subscribers where state = 'active'"), Is.EqualTo(3));
    }

    [Test]
    public async Task An_edition_for_readers_is_left_alone_by_a_process_in_the_sandbox_and_the_other_way_round()
    {
        await using var server = new LoopbackSmtp();
        await SetUpAsync();
        await RunAsync(server, "schedule", "1", "--at", "+1s");
        await RunAsync(server, "pause", "1");

        var tried = await RunAsync(server, "send", "1", "--now", "--json", "--set", $"Sending:Sandbox={Tester}");
        var status = (await publication.Newsletter.RunAsync("status", "--json")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();

        Assert.That(APublication.Tally(tried).GetProperty("edition").GetInt32(), Is.EqualTo(2));
        Assert.That(status.Select(edition => (edition.GetProperty("edition").GetInt32(), edition.GetProperty("state").GetString())), Is.EqualTo(new[] { (2, "complete"), (1, "held") }));
        Assert.That(server.Letters.Select(letter => letter.To.Single()), Has.All.EqualTo(Tester));
    }

    [Test]
    public async Task A_sandbox_that_is_no_address_stops_everything_before_it_begins()
    {
        await SetUpAsync();

        APublication.Says(await publication.Newsletter.RunAsync("send", "1", "--now", "--set", "Sending:Sandbox=tester"), 1, "Sending:Sandbox is no mail address");
        Assert.That(publication.Count("editions"), Is.Zero);
    }

    private async Task SetUpAsync()
    {
        await File.WriteAllTextAsync(publication.File("issues", "0001.md"), "---\ntitle: A title\n---\n\nHello {{ subscriber.name | default: \"you\" }}, here are words enough for one letter.\n");
        await publication.AddReadersAsync(3);
    }

    private Task<Ran> RunAsync(LoopbackSmtp server, params string[] arguments) => publication.Newsletter.RunAsync(
        [.. arguments, "--set", "Relays:0:Host=127.0.0.1", "--set", $"Relays:0:Port={server.Port}", "--set", "Relays:0:Security=None"]);
}
