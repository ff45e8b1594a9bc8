using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Newsletter.Acceptance.Tests.Servers;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Sending;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Acceptance.Tests;

/// <summary>One issue of the newsletter all the way round on real mail servers, through the front door alone: the program's commands, SMTP, IMAP and HTTP.</summary>
public sealed class RoundTripTests
{
    private const int WithMailbox = 170;
    private const int Unknown = 30;
    private static readonly CancellationToken Stop = CancellationToken.None;
    private readonly TemporaryFolder folder = new();
    private readonly int port = Machine.FreePort();

    [TearDown]
    public void Remove_the_folder() => folder.Dispose();

    [Test]
    public async Task The_seed_reaches_170_of_200_thirty_bounce_two_leave_one_replies_and_the_next_reaches_168()
    {
        await using var servers = await MailServers.StartAsync();
        for (var i = 0; i < WithMailbox; i++)
            servers.AddUser(Reader(i));
        var newsletter = new TheProgram(folder.Path);
        var dkim = await SetUpAsync(servers);
        await RunAsync(newsletter, "subscribers", "import", folder.File("readers.csv"));

        // Sent on schedule, by the clock and the worker of serve.
        await using var serve = await Serve.StartAsync(folder.Path, port);
        await RunAsync(newsletter, "schedule", "149", "--at", "+1s");
        await using var database = new Database(DatabaseProvider.Sqlite, $"Data Source={folder.File("subscribers", "newsletter.db")}");
        await UntilAsync(async () => await new EditionStore(database).FindAsync(new(1), Stop) is { State: EditionState.Complete });
        await servers.WaitUntilQueueIsEmptyAsync();

        // All 170 mailboxes hold exactly one copy, and somebody else's program says that its signature is right.
        var letters = Enumerable.Range(0, WithMailbox).Select(i => servers.MailboxOf(Reader(i))).ToList();
        Assert.That(letters.Select(mailbox => mailbox.Count), Has.All.EqualTo(1), servers.Log);
        var zone = new Dictionary<string, string> { [dkim.RecordName] = dkim.PublicRecord };
        Assert.That(await DkimCheck.VerifyAsync(letters.ConvertAll(mailbox => mailbox[0]), zone), Has.All.Matches<IReadOnlyList<DkimVerdict>>(verdicts => verdicts is [{ Passes: true }]));

        // The thirty DSNs that Postfix wrote are read by IMAP and suspend exactly those thirty.
        // (serve reads the mailbox too, every half minute: who of the two has a mail in hand does not matter.)
        await RunAsync(newsletter, "receive");
        await UntilAsync(async () => (await AddressesAsync(database, SubscriptionState.Suspended)).Count >= Unknown);
        Assert.That(await AddressesAsync(database, SubscriptionState.Suspended), Is.EquivalentTo(Enumerable.Range(WithMailbox, Unknown).Select(Reader)));

        // One replies, one leaves by the one-click POST, one by mail.
        await SendAsync(servers, Reader(5), ReplyTo(Load(letters[5][0])));
        await PostAsync(Unsubscribe(letters[6][0]).First(uri => uri.Scheme is "http"));
        await SendAsync(servers, Reader(7), new MimeMessage([new MailboxAddress("", Reader(7))], [new MailboxAddress("", Mailto(Unsubscribe(letters[7][0])))], "unsubscribe", new TextPart("plain") { Text = "" }));
        await servers.WaitUntilQueueIsEmptyAsync();
        await RunAsync(newsletter, "receive");
        await UntilAsync(async () => (await AddressesAsync(database, SubscriptionState.Unsubscribed)).Count >= 2 && servers.MailboxOf(MailServers.Editor).Count > 0);
        Assert.That(await AddressesAsync(database, SubscriptionState.Unsubscribed), Is.EquivalentTo((string[])[Reader(6), Reader(7)]));
        var inbox = JsonDocument.Parse(await RunAsync(newsletter, "inbox", "--json")).RootElement;
        Assert.That((inbox.GetProperty("address").GetString(), inbox.GetProperty("issue").GetString()), Is.EqualTo((Reader(5), "0149")), inbox.ToString());
        Assert.That(Load(servers.MailboxOf(MailServers.Editor).Single()).TextBody, Does.Contain("The quiet part was the best."));

        // The next edition goes to exactly the right 168.
        var tally = JsonDocument.Parse(await RunAsync(newsletter, "send", "150", "--now", "--json")).RootElement;
        await servers.WaitUntilQueueIsEmptyAsync();
        Assert.That((tally.GetProperty("sent").GetInt32(), tally.GetProperty("excluded").GetInt32()), Is.EqualTo((168, 32)));
        var got = Enumerable.Range(0, WithMailbox).Where(i => servers.MailboxOf(Reader(i)).Count(letter => Load(letter).Headers[HeaderId.ListUnsubscribe] is not null) == 2); // who left by mail was told so, by a mail that is no letter
        Assert.That(got, Is.EqualTo(Enumerable.Range(0, WithMailbox).Except([6, 7])));
    }

    private static string Reader(int i) => $"reader{i}@{MailServers.ReadersDomain}";

    /// <summary>The folder of a publication: configuration, key, list and two issues. The seed is copied from beside the checkout, and the sample stands in where it is not there.</summary>
    private async Task<DkimKey> SetUpAsync(MailServers servers)
    {
        Directory.CreateDirectory(folder.File("issues"));
        File.Copy(Source.RealIssue("0149.md") ?? AsNumber149(Source.SampleIssue), folder.File("issues", "0149.md"));
        await File.WriteAllTextAsync(folder.File("issues", "0150.md"), "---\ntitle: \"#150 - the next one\"\ndate: 2026-11-21\nstatus: ready\n---\n\nHello again.\n");
        await File.WriteAllLinesAsync(folder.File("readers.csv"), ["email,name", .. Enumerable.Range(0, WithMailbox + Unknown).Select(i => $"{Reader(i)},Reader {i}")]);
        using var rsa = RSA.Create(2048);
        await File.WriteAllTextAsync(folder.File("dkim.pem"), rsa.ExportPkcs8PrivateKeyPem());
        await File.WriteAllTextAsync(folder.File("appsettings.json"), JsonSerializer.Serialize(new
        {
            Publication = new { Name = "Weekly", FromAddress = "news@weekly.test", EditorAddress = MailServers.Editor, PostalAddress = "1 Mill Lane", BaseUrl = $"http://127.0.0.1:{port}" },
            Relays = new[] { new { Host = "127.0.0.1", Port = servers.SubmissionPort, Security = "None" } },
            Dkim = new[] { new { Domain = "weekly.test", Selector = "s1", KeyFile = "dkim.pem" } },
            Returns = new
            {
                Domain = MailServers.ReturnsDomain,
                Mailboxes = new[] { new { Kind = "Imap", Host = "127.0.0.1", Port = servers.ImapPort, User = MailServers.Bounces, MailServers.Password, Security = "None" } },
            },
        }));
        return DkimKey.Read("weekly.test", "s1", await File.ReadAllTextAsync(folder.File("dkim.pem")));
    }

    /// <summary>The sample under another number: what its file says of its own must not contradict.</summary>
    private string AsNumber149(string path)
    {
        Directory.CreateDirectory(folder.File("issues", "images"));
        foreach (var image in Directory.GetFiles(Path.Combine(Path.GetDirectoryName(path)!, "images")))
            File.Copy(image, folder.File("issues", "images", Path.GetFileName(image)));
        var copy = folder.File("sample.md");
        File.WriteAllText(copy, File.ReadAllText(path).Replace("\"#1 - ", "\"#149 - ", StringComparison.Ordinal).Replace("[[#1]]", "[[#149]]", StringComparison.Ordinal));
        return copy;
    }

    private static async Task<string> RunAsync(TheProgram newsletter, params string[] arguments)
    {
        var ran = await newsletter.RunAsync(arguments);
        Assert.That(ran.Code, Is.Zero, $"newsletter {string.Join(' ', arguments)}: {ran.Output}{ran.Errors}");
        return ran.Output;
    }

    /// <summary>Looks again and again at what another process does; gives up after two minutes.</summary>
    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!await holds())
            await tick.WaitForNextTickAsync(patience.Token);
    }

    private static async Task<List<string>> AddressesAsync(Database database, SubscriptionState state)
    {
        var addresses = new List<string>();
        await foreach (var reader in new SubscriberStore(database, new ErasedAddresses(new KeyRing(1, new Dictionary<byte, byte[]> { [1] = new byte[32] }))).ListAsync(state, Stop))
            addresses.Add(reader.Profile!.Address.Value);
        return addresses;
    }

    private static MimeMessage Load(byte[] mail) => MimeMessage.Load(new MemoryStream(mail), Stop);

    /// <summary>What a mail program makes of "reply".</summary>
    private static MimeMessage ReplyTo(MimeMessage letter)
    {
        var reply = new MimeMessage(letter.To, letter.ReplyTo.Count > 0 ? letter.ReplyTo : letter.From, $"Re: {letter.Subject}",
            new TextPart("plain") { Text = "The quiet part was the best.\n\n> what you wrote\n" }) { InReplyTo = letter.MessageId };
        reply.References.Add(letter.MessageId!);
        return reply;
    }

    private static List<Uri> Unsubscribe(byte[] letter) =>
        Load(letter).Headers[HeaderId.ListUnsubscribe]!.Split(',').Select(part => new Uri(part.Trim().Trim('<', '>'))).ToList();

    private static string Mailto(List<Uri> uris) => uris.First(uri => uri.Scheme is "mailto") is var mail ? $"{mail.UserInfo}@{mail.Host}" : "";

    private static async Task PostAsync(Uri oneClick)
    {
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
        using var body = new FormUrlEncodedContent(new Dictionary<string, string> { ["List-Unsubscribe"] = "One-Click" });
        using var answer = await client.PostAsync(oneClick, body, Stop);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private static async Task SendAsync(MailServers servers, string from, MimeMessage mail)
    {
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", servers.SubmissionPort, SecureSocketOptions.None, Stop);
        await client.SendAsync(mail, new MailboxAddress("", from), mail.To.Mailboxes, Stop);
        await client.DisconnectAsync(true, Stop);
    }
}
