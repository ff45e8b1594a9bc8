using System.Text.Json.Nodes;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Newsletter.Acceptance.Tests.Servers;
using Newsletter.Addresses;
using Newsletter.Storage;

namespace Newsletter.Acceptance.Tests.Returns;

/// <summary>Real servers of three makes write what comes back, each for every cause; a worker that waits at its mailbox by IMAP IDLE reads it.</summary>
public sealed class RealBounceTests
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly Dictionary<string, MailLine> Came = [];
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
        await using var house = await ReturnsHouse.WithAsync(ReturnsServer.Imap(servers.ImapPort));
        var lines = Table.Where(line => BouncingServers.MissingOf(line[0]) is null).ToList();
        var keys = new Dictionary<DeliveryId, string>();
        // All of them before the first letter: Dovecot looks for new users once a second.
        foreach (var line in lines)
            await PrepareAsync(servers, line[0], line[1]);
        await using var worker = await house.WorkAsync(); // waits for mail by IDLE: it would ask by itself but once a day
        await house.UntilAsync("select count(*) from mailbox_states where read_at is not null", 1);
        foreach (var line in lines)
            keys[await SendAsync(servers, house, line[0], line[1])] = Key(line[0], line[1]);

        using var patience = new CancellationTokenSource(Patience);
        while (Came.Count < lines.Count && !patience.IsCancellationRequested)
        {
            await Task.Delay(500, Stop);
            foreach (var mail in await house.Returns.ListAsync(new(), 100, Stop))
                if (mail is { HandledAt: not null, Reading.Delivery: { } delivery } && keys.TryGetValue(delivery, out var key))
                    Came.TryAdd(key, mail);
        }
        logs = servers.Logs;
        Assert.That(() => Directory.GetFiles(Path.Combine(servers.Returns, "new")), Is.Empty.After(30).Seconds.PollEvery(50), "all are filed");
        await SayTimesAsync(house, servers.Returns, keys);
    }

    [TestCaseSource(nameof(Lines))]
    public void What_a_real_server_sends_back_is_read_right(string server, string cause, string kind, string status, string permanence, string reason, string consequence)
    {
        if (BouncingServers.MissingOf(server) is { } missing)
            Assert.Ignore(missing);

        Assert.That(Came.TryGetValue(Key(server, cause), out var mail), Is.True, $"nothing came\n{logs.GetValueOrDefault(server)}");
        var verdict = JsonNode.Parse(mail!.Verdict)!;

        Assert.That((mail.Reading.Kind, (string?)verdict["proof"], mail.Reading.Consequence), Is.EqualTo((kind, "Delivered-To", consequence)), mail.Reading.Evidence);
        Assert.That(verdict["recipients"]!.AsArray().Select(each => ((string?)each!["address"], (string?)each["status"], (string?)each["permanence"], (string?)each["reason"])).ToArray(),
            Is.EqualTo(permanence.Length == 0 ? [] : new[] { (AddressOf(server, cause), status, permanence, reason) }), mail.Reading.Evidence);
    }

    /// <summary>From when Dovecot had written a mail down (its file keeps that time, wherever it is filed) to when its consequence was committed.</summary>
    private static async Task SayTimesAsync(ReturnsHouse house, string maildir, Dictionary<DeliveryId, string> keys)
    {
        var arrivals = new Dictionary<string, DateTime>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in ((string[])["new", "cur"]).SelectMany(part => Directory.GetFiles(Path.Combine(maildir, ".Processed", part))))
            arrivals[(await File.ReadAllLinesAsync(file, Stop)).First(line => line.StartsWith("Delivered-To: ", StringComparison.Ordinal))[14..].Trim('<', '>')] = File.GetLastWriteTimeUtc(file);
        var times = keys.Where(each => Came.ContainsKey(each.Value)).Select(each => (Key: each.Value, Seconds: (Came[each.Value].HandledAt!.Value - arrivals[house.Ours.ReturnPath(each.Key)]).TotalSeconds)).ToList();
        await TestContext.Progress.WriteLineAsync($"from arrival to classified, by IDLE, {times.Count} mails: {times.Average(time => time.Seconds):f2} s on average, {times.Max(time => time.Seconds):f2} s at most ({string.Join("; ", times.Select(time => $"{time.Key} {time.Seconds:f2}"))})");
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
    private static async Task<DeliveryId> SendAsync(BouncingServers servers, ReturnsHouse house, string server, string cause)
    {
        var address = AddressOf(server, cause);
        var delivery = await house.AddAsync(address);
        // No List-Id: RFC 5230 §4.6 keeps vacation from answering lists.
        var letter = new MimeMessage([MailboxAddress.Parse("news@weekly.test")], [MailboxAddress.Parse(address)], "Field Notes 12",
            new TextPart("plain") { Text = cause is "over-size" ? string.Concat(Enumerable.Repeat("Two tides a day.\n", 1000)) : "Two tides a day." });
        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", servers.PortOf(server), SecureSocketOptions.None, Stop);
        await client.SendAsync(letter, MailboxAddress.Parse(house.Ours.ReturnPath(delivery)), [MailboxAddress.Parse(address)], Stop);
        await client.DisconnectAsync(quit: true, Stop);
        return delivery;
    }
}
