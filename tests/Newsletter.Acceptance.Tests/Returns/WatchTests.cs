using System.Diagnostics;
using Newsletter.Acceptance.Tests.Servers;
using Newsletter.Mailroom;
using Newsletter.Subscribers;

namespace Newsletter.Acceptance.Tests.Returns;

/// <summary>A running <c>newsletter serve</c> watches its mailboxes: mail is handled when it comes, and not when a clock says so.</summary>
public sealed class WatchTests
{
    private const string Handled = "select count(*) from returned_mails where handled_at is not null";

    [Test]
    public async Task By_idle_a_bounce_is_classified_and_acts_when_it_comes()
    {
        await using var dovecot = await StartAsync();
        await using var house = await ReturnsHouse.WithAsync(ReturnsServer.Imap(dovecot.ImapPort));
        var readers = await ReadersAsync(house, 10);
        await using var worker = await house.WorkAsync();
        await house.UntilAsync("select count(*) from mailbox_states where read_at is not null", 1);
        var times = new List<double>();

        for (var i = 0; i < readers.Count; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await dovecot.DeliverAsync("", house.Ours.ReturnPath(readers[i]), Bounce(i));
            await house.UntilAsync(Handled, i + 1);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        await TestContext.Out.WriteLineAsync($"from arrival to classified: {string.Join(", ", times.Select(ms => $"{ms:f0}"))} ms");
        Assert.That(await house.StateOfAsync(readers[^1]), Is.EqualTo(SubscriptionState.Suspended));
    }

    [Test]
    public async Task By_idle_mails_that_come_while_others_are_handled_are_not_missed()
    {
        await using var dovecot = await StartAsync();
        await using var house = await ReturnsHouse.WithAsync(ReturnsServer.Imap(dovecot.ImapPort));
        var readers = await ReadersAsync(house, 100);
        await using var worker = await house.WorkAsync();

        await Parallel.ForEachAsync(Enumerable.Range(0, readers.Count), new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (i, _) => await dovecot.DeliverAsync("", house.Ours.ReturnPath(readers[i]), Bounce(i)));

        await house.UntilAsync(Handled, readers.Count);
    }

    [Test]
    public async Task An_idle_is_begun_anew_before_the_server_ends_it()
    {
        await using var dovecot = await StartAsync();
        await using var tap = new Tap(dovecot.ImapPort);
        await using var house = await ReturnsHouse.WithAsync(ReturnsServer.Imap(tap.Port, renew: "00:00:00.2"));
        var readers = await ReadersAsync(house, 5);
        await using var worker = await house.WorkAsync();

        Assert.That(() => tap.Count(" IDLE\r\n"), Is.GreaterThan(2).After(120).Seconds.PollEvery(50), "though no mail comes");
        for (var i = 0; i < readers.Count; i++)
        {
            await dovecot.DeliverAsync("", house.Ours.ReturnPath(readers[i]), Bounce(i));
            await house.UntilAsync(Handled, i + 1);
        }

        Assert.That(await house.CountAsync("select count(*) from mailbox_states where trouble <> ''"), Is.Zero);
    }

    [Test]
    public async Task A_server_that_cannot_idle_is_asked()
    {
        await using var dovecot = await StartAsync(new() { ImapCapability = "IMAP4rev1 UIDPLUS MOVE NAMESPACE" });
        await using var house = await ReturnsHouse.WithAsync(ReturnsServer.Imap(dovecot.ImapPort, poll: "00:00:00.2"));
        var reader = await house.AddAsync("ann@readers.test");
        await using var worker = await house.WorkAsync();
        await house.UntilAsync("select count(*) from mailbox_states where read_at is not null", 1);

        await dovecot.DeliverAsync("", house.Ours.ReturnPath(reader), Bounce(1));
        await house.UntilAsync(Handled, 1);

        Assert.That(await house.StateOfAsync(reader), Is.EqualTo(SubscriptionState.Suspended));
    }

    [Test]
    public async Task Trouble_is_said_once_with_its_remedy_and_once_more_when_it_is_over()
    {
        var port = Machine.FreePort();
        await using var house = await ReturnsHouse.WithAsync(new { Kind = "Imap", Host = "127.0.0.1", Port = port, User = ReturnsServer.User, Password = ReturnsServer.Password, Security = "None" });
        var worker = await house.WorkAsync();
        await house.UntilAsync("select count(*) from mailbox_states where trouble like '%cannot be reached%see that it runs%'", 1);
        var status = await house.Program.RunAsync("status");
        var mailboxes = await house.Program.RunAsync("returns", "mailboxes", "--json");

        await using var dovecot = await StartAsync(new() { ImapPort = port });
        await house.UntilAsync("select count(*) from mailbox_states where trouble = '' and read_at is not null", 1);
        var (code, errors) = await worker.StopAsync();
        await worker.DisposeAsync();

        Assert.That(code, Is.Zero, errors);
        Assert.That((Count(errors, "cannot be read"), Count(errors, "is read again")), Is.EqualTo((1, 1)), errors);
        Assert.That(status.Output, Does.Contain("in trouble since").And.Contain("Host and Port in Returns:Mailboxes"));
        Assert.That(mailboxes.Output, Does.Contain("cannot be reached").And.Not.Contain(ReturnsServer.Password));
    }

    [Test]
    public async Task In_a_maildir_the_kernel_tells_of_mail()
    {
        await using var house = await ReturnsHouse.WithAsync(new { Kind = "Maildir", Path = "inbox", Poll = "1.00:00:00" });
        var reader = await house.AddAsync("ann@readers.test");
        await using var worker = await house.WorkAsync();
        await house.UntilAsync("select count(*) from mailbox_states where read_at is not null", 1);

        await Maildir.DeliverAsync(house.Inbox, "1.a", System.Text.Encoding.UTF8.GetBytes($"Delivered-To: {house.Ours.ReturnPath(reader)}\n{Bounce(1)}"), CancellationToken.None);
        await house.UntilAsync(Handled, 1);

        Assert.That(await house.StateOfAsync(reader), Is.EqualTo(SubscriptionState.Suspended));
    }

    [Test]
    public async Task Two_workers_at_one_mailbox_do_no_harm()
    {
        await using var dovecot = await StartAsync();
        await using var house = await ReturnsHouse.WithAsync(ReturnsServer.Imap(dovecot.ImapPort), new { Kind = "Maildir", Path = "inbox" });
        var readers = await ReadersAsync(house, 60);
        for (var i = 0; i < readers.Count; i++)
            await dovecot.DeliverAsync("", house.Ours.ReturnPath(readers[i]), Bounce(i));
        await using var one = await house.WorkAsync();
        await using var other = await house.WorkAsync();

        for (var i = 0; i < readers.Count; i++)
            await Maildir.DeliverAsync(house.Inbox, $"{i}.a", System.Text.Encoding.UTF8.GetBytes($"Delivered-To: {house.Ours.ReturnPath(readers[i])}\nX-Spam-Status: No\n{Bounce(i)}"), CancellationToken.None);
        await house.UntilAsync(Handled, readers.Count);

        Assert.That(() => Directory.GetFiles(Path.Combine(house.Inbox, "new")), Is.Empty.After(120).Seconds.PollEvery(50));
        Assert.That(() => dovecot.Count(ReturnsServer.User, ""), Is.Zero.After(120).Seconds.PollEvery(50));
        Assert.That(await house.CountAsync("select count(*) from returned_mails"), Is.EqualTo(readers.Count), $"the smallest has {await house.CountAsync("select min(size) from returned_mails")} octets");
        Assert.That(await house.CountAsync("select count(*) from subscriptions_log where state = 'suspended'"), Is.EqualTo(readers.Count));
        Assert.That(dovecot.Count(ReturnsServer.User, ".Processed"), Is.GreaterThanOrEqualTo(readers.Count), "of two that move one mail at the same moment Dovecot lets both: then there are two copies");
    }

    private static Task<Dovecot> StartAsync(DovecotWishes? wishes = null) => ReturnsServer.StartAsync(wishes);

    private static async Task<List<Newsletter.Addresses.DeliveryId>> ReadersAsync(ReturnsHouse house, int count)
    {
        var readers = new List<Newsletter.Addresses.DeliveryId>();
        for (var i = 0; i < count; i++)
            readers.Add(await house.AddAsync($"reader{i}@readers.test"));
        return readers;
    }

    private static string Bounce(int number) =>
        $"From: MAILER-DAEMON@mx.test\nSubject: failure notice\nDate: Mon, 2 Nov 2026 08:00:00 +0000\nMessage-ID: <b{number}@mx.test>\n\nI wasn't able to deliver your message.\n\n<reader{number}@readers.test>:\n550 5.1.1 no such user\n";

    private static int Count(string text, string words) => text.Split(words).Length - 1;
}
