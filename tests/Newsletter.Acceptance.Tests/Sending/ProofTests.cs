using System.Text;
using MimeKit;
using Newsletter.Acceptance.Tests.BadInput;

namespace Newsletter.Acceptance.Tests.Sending;

/// <summary><c>newsletter proof</c>: the letter to the editor alone.</summary>
public sealed class ProofTests
{
    private readonly APublication publication = new();

    [TearDown]
    public void Remove_the_folder() => publication.Dispose();

    [Test]
    public async Task A_draft_goes_to_the_named_addresses_alone_by_MailKit_and_counts_nowhere()
    {
        await using var server = new LoopbackSmtp { KeepsBytes = true };
        await SetUpAsync("status: draft");
        await publication.AddReadersAsync(3);

        var first = await ProofAsync(server, "proof", "1", "--to", "chief@example.net", "--to", "second@example.net");
        var again = await ProofAsync(server, "proof", "1", "--to", "chief@example.net", "--as", "reader2@example.com");

        Assert.That((first.Code, again.Code), Is.EqualTo((0, 0)), first.Errors + again.Errors);
        Assert.That(first.Output, Is.EqualTo("Proof of 0001 sent to chief@example.net.\nProof of 0001 sent to second@example.net.\n"));
        var letters = server.Letters.Select(letter => (letter.To.Single(), Mail: MimeMessage.Load(new MemoryStream(letter.Bytes.ToArray())))).ToList();
        Assert.That(letters.Select(letter => letter.Item1), Is.EqualTo(new[] { "chief@example.net", "second@example.net", "chief@example.net" }));
        Assert.That(letters.Select(letter => letter.Mail.Subject), Has.All.EqualTo("[Proof] A title"));
        Assert.That(letters.Select(letter => letter.Mail.MessageId).Distinct().Count(), Is.EqualTo(3));
        Assert.That(letters[0].Mail.HtmlBody, Does.Contain("PROOF, for the editor alone").And.Contain("Ada Sample"));
        Assert.That(letters[0].Mail.TextBody, Does.StartWith("*** PROOF, for the editor alone"));
        Assert.That(letters[2].Mail.HtmlBody, Does.Contain("Hello Reader 2"));
        Assert.That(publication.Count("editions") + publication.Count("deliveries"), Is.Zero);
        Assert.That(server.Commands.Where(command => command.StartsWith("EHLO", StringComparison.Ordinal)), Is.All.EqualTo("EHLO [127.0.0.1]"), "as MailKit says it");
    }

    [Test]
    public async Task A_proof_goes_by_the_relays_of_our_domain_alone()
    {
        await using var theirs = new LoopbackSmtp();
        await using var ours = new LoopbackSmtp();
        await SetUpAsync("status: draft");

        var proof = await ProofAsync(theirs, "proof", "1", "--to", "chief@example.net", "--set", "Relays:0:SenderDomains=elsewhere.example",
            "--set", "Relays:1:Host=127.0.0.1", "--set", $"Relays:1:Port={ours.Port}", "--set", "Relays:1:Security=None");

        Assert.That((proof.Code, theirs.Letters.Count, ours.Letters.Count), Is.EqualTo((0, 0, 1)), proof.Errors);
    }

    [Test]
    public async Task The_unsubscribe_link_and_address_of_a_proof_name_nobody()
    {
        await using var server = new LoopbackSmtp { KeepsBytes = true };
        await SetUpAsync("status: ready");
        await publication.AddReadersAsync(1);
        await ProofAsync(server, "proof", "1", "--to", "chief@example.net", "--as", "reader1@example.com");
        var letter = Encoding.UTF8.GetString(server.Letters.Single().Bytes.ToArray());
        var address = letter.Split("mailto:u-")[1].Split('>', '?')[0];

        var unsubscribe = await publication.Newsletter.FeedAsync($"From: chief@example.net\nTo: u-{address}\nSubject: unsubscribe\n\nunsubscribe\n", "receive", "-", "--recipient", $"u-{address}");
        var reader = await publication.Newsletter.RunAsync("subscribers", "show", "reader1@example.com");

        Assert.That(unsubscribe.Code, Is.Zero, unsubscribe.Errors);
        Assert.That(reader.Output, Does.Contain("active"));
        Assert.That(publication.Count("subscribers where state = 'unsubscribed'"), Is.Zero);
    }

    [Test]
    public async Task What_is_wrong_is_said_and_no_proof_goes_out()
    {
        await using var server = new LoopbackSmtp { Script = moment => moment is { Stage: LoopbackStage.Recipient, To: "gone@example.net" } ? new LoopbackAnswer.Reply("550 5.1.1 no such user") : null };
        await SetUpAsync("status: ready");

        APublication.Says(await ProofAsync(server, "proof", "1", "--to", "chief"), 2, "--to chief", "editor@example.org");
        APublication.Says(await ProofAsync(server, "proof", "7", "--to", "chief@example.net"), 1, "there is no issue 7");
        APublication.Says(await ProofAsync(server, "proof", "1", "--to", "chief@example.net", "--as", "nobody@example.net"), 1, "--as nobody@example.net");
        APublication.Says(await ProofAsync(server, "proof", "1", "--to", "gone@example.net"), 3, "no proof to gone@example.net", "no such user");
        Assert.That((await ProofAsync(server, "proof", "1")).Code, Is.EqualTo(2));
        await File.WriteAllTextAsync(publication.File("issues", "0001.md"), "---\ntitle: A title\n---\n\n{{ nonsense }}\n");
        Assert.That((await ProofAsync(server, "proof", "1", "--to", "chief@example.net")).Code, Is.EqualTo(1));
        Assert.That(server.Letters, Is.Empty);
    }

    private Task<Ran> ProofAsync(LoopbackSmtp server, params string[] arguments) => publication.Newsletter.RunAsync(
        [.. arguments, "--set", "Relays:0:Host=127.0.0.1", "--set", $"Relays:0:Port={server.Port}", "--set", "Relays:0:Security=None"]);

    private Task SetUpAsync(string key) => File.WriteAllTextAsync(publication.File("issues", "0001.md"),
        $"---\ntitle: A title\n{key}\n---\n\nHello {{{{ subscriber.name | default: \"you\" }}}}, here are words enough for one letter.\n");
}
