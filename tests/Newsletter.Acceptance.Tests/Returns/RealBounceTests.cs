using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using Newsletter.Acceptance.Tests.Servers;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Acceptance.Tests.Returns;

/// <summary>Real servers of three makes write what comes back, each for every cause; the house reads it from its mailbox over IMAP.</summary>
public sealed class RealBounceTests
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Dictionary<string, TakenMail> Came = [];
    private static IReadOnlyDictionary<string, string> logs = new Dictionary<string, string>();

    /// <summary>Server, cause, and what the mail is to be: kind, status, permanence, reason, and what follows.</summary>
    private static readonly string[][] Table =
    [
        ["Postfix", "unknown user", "bounce", "5.1.1", "permanent", "user-unknown", "suspend"],
        ["Postfix", "full mailbox", "bounce", "5.2.2", "transient", "mailbox-full", "soft"],
        ["Postfix", "over-size", "bounce", "5.3.4", "transient", "size", "nothing"],
        ["Postfix", "unknown domain", "bounce", "5.4.4", "permanent", "host-unknown", "suspend"],
        ["Postfix", "refused relay", "bounce", "5.7.1", "transient", "policy", "nothing"],
        ["Postfix", "delay", "delayed", "4.3.1", "transient", "system", "nothing"],
        ["Exim", "unknown user", "bounce", "5.1.1", "permanent", "user-unknown", "suspend"],
        ["Exim", "full mailbox", "bounce", "5.2.2", "transient", "mailbox-full", "soft"],
        ["Exim", "over-size", "bounce", "5.3.4", "transient", "size", "nothing"],
        ["Exim", "unknown domain", "bounce", "5.0.0", "permanent", "host-unknown", "soft"], // 5.0.0 says nothing, and the words stand apart: the classifier is not sure, so one bounce does not end it
        ["Exim", "refused relay", "bounce", "5.7.1", "transient", "policy", "nothing"],
        ["Exim", "delay", "delayed", "4.3.1", "transient", "system", "nothing"],
        ["OpenSMTPD", "unknown user", "bounce", "5.1.1", "permanent", "user-unknown", "suspend"],
        ["OpenSMTPD", "full mailbox", "bounce", "5.2.2", "transient", "mailbox-full", "soft"],
        ["OpenSMTPD", "over-size", "bounce", "5.0.0", "transient", "size", "nothing"],
        ["OpenSMTPD", "unknown domain", "bounce", "5.0.0", "permanent", "host-unknown", "soft"],
        ["OpenSMTPD", "refused relay", "bounce", "5.7.1", "transient", "policy", "nothing"],
        ["OpenSMTPD", "delay", "delayed", "4.3.1", "transient", "system", "nothing"],
        ["Dovecot", "vacation", "auto-reply", "", "", "", "aside"],
        ["Dovecot", "reject", "bounce", "", "transient", "filtered", "soft"],
    ];

    [OneTimeSetUp]
    public static async Task Send_a_letter_for_every_line_of_the_table()
    {
        if (BouncingServers.Missing is not null)
            return;
        await using var servers = await BouncingServers.StartAsync();
        using var folder = new TemporaryFolder();
        await using var house = House(servers, folder);
        await house.GetRequiredService<Database>().MigrateAsync(Stop);
        var lines = Table.Where(line => BouncingServers.MissingOf(line[0]) is null).ToList();
        var keys = new Dictionary<SubscriberId, string>();
        // All of them before the first letter: Dovecot looks for new users once a second.
        foreach (var line in lines)
            await PrepareAsync(servers, line[0], line[1]);
        foreach (var line in lines)
            keys[await SendAsync(servers, house, line[0], line[1])] = Key(line[0], line[1]);

        using var patience = new CancellationTokenSource(Patience);
        while (Came.Count < lines.Count && !patience.IsCancellationRequested)
        {
            await house.GetRequiredService<Mailboxes>().ReceiveAsync(mail =>
            {
                if (mail.Delivery is { } delivery && keys.TryGetValue(delivery.Subscriber, out var key))
                    Came.TryAdd(key, mail);
            }, Stop);
            await Task.Delay(50, Stop);
        }
        logs = servers.Logs;
    }

    [TestCaseSource(nameof(Lines))]
    public void What_a_real_server_sends_back_is_read_right(string server, string cause, string kind, string status, string permanence, string reason, string consequence)
    {
        if (BouncingServers.MissingOf(server) is { } missing)
            Assert.Ignore(missing);

        Assert.That(Came.TryGetValue(Key(server, cause), out var came), Is.True, $"nothing came\n{logs.GetValueOrDefault(server)}");
        var (mail, handled) = (came!.Mail, came.Handled!);

        Assert.That((mail.Kind, mail.Origin.Proof, handled.Consequence.Word), Is.EqualTo((kind, "Delivered-To", consequence)), mail.Evidence);
        Assert.That(mail.Recipients.Select(each => (each.Address, each.Status?.ToString() ?? "", each.Verdict.PermanenceWord, each.Verdict.ReasonWord)).ToArray(),
            Is.EqualTo(permanence.Length == 0 ? [] : new[] { (AddressOf(server, cause), status, permanence, reason) }), mail.Evidence);
    }

    private static IEnumerable<TestCaseData> Lines() => Table.Select(line => new TestCaseData([.. line]));

    private static string Key(string server, string cause) => $"{server}, {cause}";

    private static string AddressOf(string server, string cause) => $"{cause.Split(' ')[^1]}.{server.ToLowerInvariant()}@{cause switch
    {
        "over-size" => MailRoutes.Small,
        "unknown domain" => MailRoutes.Nowhere,
        "refused relay" => MailRoutes.Elsewhere,
        "delay" => MailRoutes.Busy,
        _ => MailServers.ReadersDomain,
    }}";

    /// <summary>All that has to stand for a cause.</summary>
    private static async Task PrepareAsync(BouncingServers servers, string server, string cause)
    {
        if (cause is "full mailbox" or "vacation" or "reject")
            servers.AddUser(AddressOf(server, cause), isFull: cause is "full mailbox");
        if (cause is "vacation")
            await servers.AddSieveAsync(AddressOf(server, cause), "require \"vacation\";\nvacation :days 1 \"Away until Monday.\";\n");
        if (cause is "reject") // RFC 5429
            await servers.AddSieveAsync(AddressOf(server, cause), "require \"reject\";\nreject \"I take no letters here.\";\n");
    }

    /// <summary>Sends a reader's letter by a relay.</summary>
    private static async Task<SubscriberId> SendAsync(BouncingServers servers, ServiceProvider house, string server, string cause)
    {
        var address = AddressOf(server, cause);
        var added = await house.GetRequiredService<SubscriberStore>().AddAsync(
            new Profile(EmailAddress.Read(address)!), new StandingChange(SubscriptionState.Active, "test", Actor.Import, DateTimeOffset.UnixEpoch), Stop);
        var delivery = new DeliveryId(new EditionId(12), ((Addition.Added)added).Id);
        // No List-Id: RFC 5230 §4.6 keeps vacation from answering lists.
        var letter = new MimeMessage([MailboxAddress.Parse("news@weekly.test")], [MailboxAddress.Parse(address)], "Field Notes 12",
            new TextPart("plain") { Text = cause is "over-size" ? string.Concat(Enumerable.Repeat("Two tides a day.\n", 1000)) : "Two tides a day." });
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", servers.PortOf(server), SecureSocketOptions.None, Stop);
        await client.SendAsync(letter, MailboxAddress.Parse(house.GetRequiredService<OurAddresses>().ReturnPath(delivery)), [MailboxAddress.Parse(address)], Stop);
        await client.DisconnectAsync(quit: true, Stop);
        return delivery.Subscriber;
    }

    private static ServiceProvider House(BouncingServers servers, TemporaryFolder folder)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Publication:Name"] = "Field Notes",
            ["Publication:FromAddress"] = "news@weekly.test",
            ["Publication:PostalAddress"] = "1 Mill Lane",
            ["Publication:BaseUrl"] = "https://news.weekly.test",
            ["Returns:Domain"] = MailServers.ReturnsDomain,
            ["Returns:Mailboxes:0:Kind"] = "Imap",
            ["Returns:Mailboxes:0:Host"] = "127.0.0.1",
            ["Returns:Mailboxes:0:Port"] = $"{servers.ImapPort}",
            ["Returns:Mailboxes:0:User"] = MailServers.Bounces,
            ["Returns:Mailboxes:0:Password"] = MailServers.Password,
            ["Returns:Mailboxes:0:Security"] = "None",
        };
        return new ServiceCollection().AddNewsletter(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), new PublicationFolder(folder.Path)).BuildServiceProvider();
    }
}
