using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using Newsletter.Acceptance.Tests.Servers;
using Newsletter.Subscribers;

namespace Newsletter.Acceptance.Tests.Returns;

/// <summary>A running <c>newsletter serve</c> is handed mail by LMTP.</summary>
public sealed class LmtpTests
{
    private const string Listening = "select count(*) from mailbox_states where name like 'lmtp%' and read_at is not null";

    [Test]
    public async Task A_mail_is_acknowledged_when_it_is_stored_and_has_acted()
    {
        var port = Machine.FreePort();
        await using var house = await ReturnsHouse.WithAsync(new { Kind = "Lmtp", Port = port });
        var ann = await house.AddAsync("ann@readers.test");
        await using var worker = await house.WorkAsync();
        await house.UntilAsync(Listening, 1);

        using var line = new LmtpClient(port);
        var isTaken = await line.DeliverAsync("ann@readers.test", house.Ours.UnsubscribeMail(ann), "From: ann@readers.test\nSubject: unsubscribe\n\n\n");

        Assert.That(isTaken, Is.True);
        Assert.That(await house.StateOfAsync(ann), Is.EqualTo(SubscriptionState.Unsubscribed));
        Assert.That(await house.CountAsync("select count(*) from returned_mails where handled_at is not null"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_socket_that_a_killed_process_left_behind_is_taken_over_and_is_not_for_everybody()
    {
        await using var house = await ReturnsHouse.WithAsync(new { Kind = "Lmtp", Path = "lmtp.sock" });
        var path = house.PlaceOf("lmtp.sock");
        var first = await house.WorkAsync();
        await house.UntilAsync(Listening, 1);
        first.Kill();
        await first.EndAsync();
        await first.DisposeAsync();
        await using var second = await house.WorkAsync();
        var ann = await house.AddAsync("ann@readers.test");

        Assert.That(async () => await IsTakenAsync(path, house.Ours.UnsubscribeMail(ann)), Is.True.After(120).Seconds.PollEvery(100));

        Assert.That((await Machine.RunAsync("stat", "--format=%a", path)).Trim(), Is.EqualTo("660"));
        Assert.That(await house.StateOfAsync(ann), Is.EqualTo(SubscriptionState.Unsubscribed));
    }

    [Test]
    public async Task A_store_that_is_away_is_told_as_for_now()
    {
        var port = Machine.FreePort();
        await using var house = await ReturnsHouse.WithAsync(new { Kind = "Lmtp", Port = port });
        await using var worker = await house.WorkAsync();
        await house.UntilAsync(Listening, 1);
        await house.ExecuteAsync("alter table returned_mails rename to away");

        using var line = new LmtpClient(port);
        var refused = await line.DeliverAsync("", "x@returns.test", "Subject: x\n\nx\n");
        await house.ExecuteAsync("alter table away rename to returned_mails");
        using var again = new LmtpClient(port);

        Assert.That((refused, await again.DeliverAsync("", "x@returns.test", "Subject: x\n\nx\n")), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task A_real_postfix_hands_mail_over()
    {
        if (Postfix.Missing is { } reason)
            Assert.Ignore(reason);
        var port = Machine.FreePort();
        await using var house = await ReturnsHouse.WithAsync(new { Kind = "Lmtp", Port = port });
        var ann = await house.AddAsync("ann@readers.test");
        await using var worker = await house.WorkAsync();
        await house.UntilAsync(Listening, 1);
        await using var postfix = await Postfix.StartAsync(port, "readers.test", "returns.test", "weekly.test");

        using var client = new SmtpClient();
        await client.ConnectAsync("127.0.0.1", postfix.Port, SecureSocketOptions.None);
        var letter = new MimeMessage([MailboxAddress.Parse("ann@readers.test")], [MailboxAddress.Parse(house.Ours.ReplyTo(ann))], "Re: an issue", new TextPart("plain") { Text = "lovely\n.\nthat was a dot\n" });
        await client.SendAsync(letter);
        await client.DisconnectAsync(quit: true);
        await house.UntilAsync("select count(*) from returned_mails where kind = 'reply' and subscriber_id is not null", 1);

        Assert.That(await house.CountAsync("select count(*) from replies where body like '%that was a dot%'"), Is.EqualTo(1));
    }

    private static async Task<bool> IsTakenAsync(string path, string to)
    {
        try
        {
            using var line = new LmtpClient(path);
            return await line.DeliverAsync("ann@readers.test", to, "From: ann@readers.test\nSubject: unsubscribe\n\n\n");
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
