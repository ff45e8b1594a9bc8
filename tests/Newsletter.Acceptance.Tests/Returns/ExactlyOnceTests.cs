using System.Globalization;
using System.Text;
using Newsletter.Mailroom;

namespace Newsletter.Acceptance.Tests.Returns;

/// <summary>Two ways bring the same mails, and the process that takes them is killed, again and again: the store changes once.</summary>
public sealed class ExactlyOnceTests
{
    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("NEWSLETTER_TEST_RETURN_KILLS") ?? "12", CultureInfo.InvariantCulture);

    /// <summary>A third bounces, a third leaves, a third writes.</summary>
    private const int MailsARun = 9;

    [Test]
    public async Task Killed_at_random_moments_of_handling_each_mail_is_kept_and_acts_once()
    {
        using var folder = new TemporaryFolder();
        var inbox = folder.File("inbox");
        await KillAndAddUpAsync(new { Kind = "Maildir", Path = inbox }, inbox, mail => Maildir.DeliverAsync(inbox, mail.Name, Encoding.UTF8.GetBytes(mail.InMaildir), CancellationToken.None));
    }

    [Test]
    public async Task Killed_at_random_moments_of_handling_each_mail_of_an_imap_server_is_kept_and_acts_once()
    {
        await using var dovecot = await ReturnsServer.StartAsync();
        await KillAndAddUpAsync(ReturnsServer.Imap(dovecot.ImapPort), dovecot.MaildirOf(ReturnsServer.User), async mail =>
        {
            using var line = new LmtpClient(dovecot.LmtpPort);
            Assert.That(await line.DeliverAsync(mail.Sender, mail.To, mail.OverLmtp), Is.True);
        });
    }

    private static async Task KillAndAddUpAsync(object mailbox, string inbox, Func<Mail, Task> deliver)
    {
        var seed = Random.Shared.Next();
        await TestContext.Out.WriteLineAsync($"seed {seed}, {Kills} kills");
        var random = new Random(seed);
        var port = Machine.FreePort();
        await using var relay = new LoopbackSmtp();
        await using var house = await ReturnsHouse.WithRelayAsync(relay.Port, mailbox, new { Kind = "Lmtp", Port = port });
        var mails = new List<Mail>();
        var waiting = new Queue<Mail>();

        for (var run = 0; run < Kills; run++)
        {
            var some = await MailsAsync(house, mails.Count);
            mails.AddRange(some);
            foreach (var mail in some.OrderBy(_ => random.Next()))
                waiting.Enqueue(mail);
            await RunAndKillAsync(house, port, () => Parallel.ForEachAsync(some, async (mail, _) => await deliver(mail)), waiting, random);
        }
        await FinishAsync(house, inbox, port, waiting, mails.Count);

        await AddsUpAsync(house, mails.Count);
        await FiledAsync(inbox, mails);
        await NotesAddUpAsync(house, relay, mails.Count / 3);
    }

    /// <summary>A run that is killed between two words of the LMTP line, or a little later, each second time among the first; the mailbox is read meanwhile. What was not acknowledged is brought again by the next.</summary>
    private static async Task RunAndKillAsync(ReturnsHouse house, int port, Func<Task> deliver, Queue<Mail> waiting, Random random)
    {
        await using var worker = await house.WorkAsync();
        var words = random.Next(1, random.Next(2) == 0 ? 8 : MailsARun * 7);
        var delivering = deliver();
        await BringAsync(port, waiting, async () =>
        {
            if (--words != 0)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * 8));
            worker.Kill();
        }, () => worker.HasEnded);
        if (!worker.HasEnded)
            worker.Kill();
        await worker.EndAsync();
        await delivering;
    }

    private static async Task FinishAsync(ReturnsHouse house, string inbox, int port, Queue<Mail> waiting, int count)
    {
        await using var worker = await house.WorkAsync();
        await BringAsync(port, waiting, () => Task.CompletedTask, () => false);
        await house.UntilAsync("select count(*) from returned_mails where handled_at is not null", count);
        foreach (var part in new[] { "new", "cur" })
            Assert.That(() => Directory.GetFiles(Path.Combine(inbox, part)), Is.Empty.After(120).Seconds.PollEvery(50), "all is filed");
        var (code, errors) = await worker.StopAsync();
        Assert.That(code, Is.Zero, errors);
    }

    /// <summary>As a mail server does it: each mail until it is acknowledged.</summary>
    private static async Task BringAsync(int port, Queue<Mail> waiting, Func<Task> word, Func<bool> isOver)
    {
        while (waiting.TryPeek(out var mail) && !isOver())
            try
            {
                using var line = new LmtpClient(port);
                if (await line.DeliverAsync(mail.Sender, mail.To, mail.OverLmtp, word))
                    waiting.Dequeue();
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
            {
                await Task.Delay(10); // it is not there yet, or not any more
            }
    }

    private static async Task AddsUpAsync(ReturnsHouse house, int mails)
    {
        Assert.That(await house.CountAsync("select count(*) from returned_mails"), Is.EqualTo(mails), "every mail once");
        Assert.That(await house.CountAsync("select count(*) from returned_mails where handled_at is null or error <> ''"), Is.Zero, "all handled");
        foreach (var (state, kind) in new[] { ("suspended", "bounce"), ("unsubscribed", "unsubscribe") })
        {
            Assert.That(await house.CountAsync($"select count(*) from returned_mails where kind = '{kind}'"), Is.EqualTo(mails / 3), kind);
            Assert.That(await house.CountAsync($"select count(*) from subscriptions_log where state = '{state}'"), Is.EqualTo(mails / 3), $"{state} once each");
            Assert.That(await house.CountAsync($"select count(distinct subscriber_id) from subscriptions_log where state = '{state}'"), Is.EqualTo(mails / 3), state);
        }
        Assert.That(await house.CountAsync("select count(*) from replies"), Is.EqualTo(mails / 3), "each reply once in the inbox");
        Assert.That(await house.CountAsync("select count(distinct subscriber_id) from threads"), Is.EqualTo(mails / 3));
    }

    /// <summary>Nothing is deleted. A server may still move a mail for a process that was killed while the next asks the same: then there are two copies.</summary>
    private static async Task FiledAsync(string inbox, List<Mail> mails)
    {
        var filed = new List<string>();
        foreach (var file in ((string[])["new", "cur"]).SelectMany(part => Directory.GetFiles(Path.Combine(inbox, ".Processed", part))))
            filed.Add((await File.ReadAllLinesAsync(file)).First(line => line.StartsWith("Message-ID: ", StringComparison.Ordinal)));
        await TestContext.Out.WriteLineAsync($"{filed.Count - mails.Count} filed twice");
        Assert.That(filed.Distinct(), Is.EquivalentTo(mails.Select(mail => $"Message-ID: <m{mail.Number}@mx.test>")));
    }

    /// <summary>A note whose sender was killed before its record goes again, under the same Message-ID, when its claim is over; and no other.</summary>
    private static async Task NotesAddUpAsync(ReturnsHouse house, LoopbackSmtp relay, int replies)
    {
        var claimed = await house.CountAsync("select count(*) from replies where forwarded_at is null");
        Assert.That(relay.Letters.Select(letter => letter.MessageId), Is.Unique, "nothing goes twice while its claim holds");
        await house.ExecuteAsync("update replies set forward_due = 1 where forward_due is not null"); // as if half an hour had passed
        Assert.That((await house.Program.RunAsync("receive")).Code, Is.Zero);

        var notes = relay.Letters.Select(letter => letter.MessageId!).Where(id => id.StartsWith("reply-", StringComparison.Ordinal)).ToList(); // beside them, mails to those who left
        await TestContext.Out.WriteLineAsync($"{replies * 3} mails by two ways, {Kills} kills; {replies} replies, {claimed} of them claimed by a killed process, {notes.Count - replies} forwarded twice");
        Assert.That(notes.Distinct().Count(), Is.EqualTo(replies), "each is forwarded");
        Assert.That(notes.Count - replies, Is.LessThanOrEqualTo(claimed));
    }

    private static async Task<List<Mail>> MailsAsync(ReturnsHouse house, int first)
    {
        var mails = new List<Mail>();
        for (var i = first; i < first + MailsARun; i++)
        {
            var reader = $"reader{i}@readers.test";
            var delivery = await house.AddAsync(reader);
            mails.Add((i % 3) switch
            {
                0 => new(i, "", house.Ours.ReturnPath(delivery), $"From: MAILER-DAEMON@mx.test\nSubject: failure notice\nMessage-ID: <m{i}@mx.test>\n\nI wasn't able to deliver your message.\n\n<{reader}>:\n550 5.1.1 no such user\n"),
                1 => new(i, reader, house.Ours.UnsubscribeMail(delivery), $"From: {reader}\nSubject: unsubscribe\nMessage-ID: <m{i}@mx.test>\n\n\n"),
                _ => new(i, reader, house.Ours.ReplyTo(delivery), $"From: {reader}\nSubject: Re: an issue\nMessage-ID: <m{i}@mx.test>\n\nLovely.\n\nFrom me.\n"),
            });
        }
        return mails;
    }

    private sealed record Mail(int Number, string Sender, string To, string Words)
    {
        public string Name => string.Create(CultureInfo.InvariantCulture, $"{Number:d6}.mail");

        /// <summary>As one server wrote it down.</summary>
        public string InMaildir => $"Return-Path: <{Sender}>\nDelivered-To: {To}\nReceived: from mx.test by one.test; Mon, 2 Nov 2026 08:00:01 +0000\nX-Spam-Status: No\n{Words}\n";

        /// <summary>As another hands it over.</summary>
        public string OverLmtp => $"Received: from mx.test by two.test; Mon, 2 Nov 2026 08:00:02 +0000\nARC-Seal: i=1; cv=none\nAuthentication-Results: two.test; spf=pass\n{Words}";
    }
}
