using Newsletter.Acceptance.Tests.Servers;
using Newsletter.Subscribers;

namespace Newsletter.Acceptance.Tests.Returns;

/// <summary>Against a real Dovecot: mail stays there, and acts once.</summary>
public sealed class Pop3Tests
{
    [Test]
    public async Task Mail_is_taken_once_stays_on_the_server_and_goes_after_its_time()
    {
        await using var dovecot = await ReturnsServer.StartAsync(new() { NeedsPop3 = true });
        await using var house = await ReturnsHouse.WithAsync(new { Kind = "Pop3", Host = "127.0.0.1", Port = dovecot.Pop3Port, ReturnsServer.User, ReturnsServer.Password, Security = "None" });
        var (ann, bob) = (await house.AddAsync("ann@readers.test"), await house.AddAsync("bob@readers.test"));
        await DeliverAsync(dovecot, house.Ours.UnsubscribeMail(ann), 1);
        await DeliverAsync(dovecot, house.Ours.UnsubscribeMail(bob), 2);

        var first = await house.Program.RunAsync("receive");
        var second = await house.Program.RunAsync("receive");
        var left = dovecot.Count(ReturnsServer.User, "");
        var last = await house.Program.RunAsync("receive", "--set", "Returns:Mailboxes:0:DeleteAfter=00:00:00");

        Assert.That(first.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(2), first.Errors);
        Assert.That((second.Code, second.Output, left), Is.EqualTo((0, "", 2)), second.Errors);
        Assert.That((last.Code, dovecot.Count(ReturnsServer.User, "")), Is.EqualTo((0, 0)), last.Errors);
        Assert.That(await house.StateOfAsync(bob), Is.EqualTo(SubscriptionState.Unsubscribed));
    }

    [Test]
    public async Task A_running_worker_looks_again_and_again()
    {
        await using var dovecot = await ReturnsServer.StartAsync(new() { NeedsPop3 = true });
        await using var house = await ReturnsHouse.WithAsync(new { Kind = "Pop3", Host = "127.0.0.1", Port = dovecot.Pop3Port, ReturnsServer.User, ReturnsServer.Password, Security = "None", Poll = "00:00:00.3" });
        var ann = await house.AddAsync("ann@readers.test");
        await using var worker = await house.WorkAsync();
        await house.UntilAsync("select count(*) from mailbox_states where read_at is not null", 1);

        await DeliverAsync(dovecot, house.Ours.UnsubscribeMail(ann), 1);

        await house.UntilAsync("select count(*) from returned_mails where handled_at is not null", 1);
        Assert.That(await house.StateOfAsync(ann), Is.EqualTo(SubscriptionState.Unsubscribed));
    }

    private static Task DeliverAsync(Dovecot dovecot, string to, int number) =>
        dovecot.DeliverAsync("ann@readers.test", to, $"From: ann@readers.test\nSubject: unsubscribe\nMessage-ID: <u{number}@readers.test>\n\n\n");
}
