using System.Text.Json;
using Newsletter.Subscribers;

namespace Newsletter.Acceptance.Tests.Returns;

/// <summary><c>newsletter returns</c>, <c>receive --again</c> and <c>receive - --mta</c>, as a person or a mail server starts them.</summary>
public sealed class ReceiveAgainTests
{
    private const string Bounce = "From: MAILER-DAEMON@mx.test\nSubject: failure notice\n\nI wasn't able to deliver your message.\n\n<ann@readers.test>:\n550 5.1.1 no such user\n";

    [Test]
    public async Task A_mail_is_read_again_by_the_rules_of_today_and_what_the_old_one_did_is_undone_once()
    {
        await using var house = await ReturnsHouse.WithAsync(new { Kind = "Maildir", Path = "inbox" });
        var ann = await house.AddAsync("ann@readers.test");
        await house.Program.FeedAsync(Bounce.Replace("550 5.1.1 no such user", "552 5.2.2 mailbox full", StringComparison.Ordinal), "receive", "-", "--recipient", house.Ours.ReturnPath(ann));
        // As an older rule would have read it: a dead address.
        await house.ExecuteAsync("""
            update returned_mails set consequence = 'suspend', outcome = 'suspended', verdict = '{"reason":"user-unknown","permanence":"permanent","recipients":[]}';
            update subscribers set state = 'suspended';
            insert into subscriptions_log (subscriber_id, before, state, at, reason, actor, evidence, edition_id, returned_mail_id) select 1, 'active', 'suspended', 0, 'hard bounce', 'server', '', 7, id from returned_mails;
            """);

        var rehearsal = await house.Program.RunAsync("receive", "--again", "--kind", "bounce", "--dry-run", "--json");
        var stateThen = await house.StateOfAsync(ann);
        var first = await house.Program.RunAsync("receive", "--again", "1");
        var second = await house.Program.RunAsync("receive", "--again", "1");
        var shown = await house.Program.RunAsync("returns", "show", "1", "--json");

        Assert.That((rehearsal.Code, first.Code, second.Code), Is.EqualTo((0, 0, 0)), rehearsal.Errors + first.Errors + second.Errors);
        Assert.That(JsonDocument.Parse(rehearsal.Output).RootElement.GetProperty("after").GetProperty("outcome").GetString(), Does.StartWith("active again, no longer suspended"));
        Assert.That(stateThen, Is.EqualTo(SubscriptionState.Suspended));
        Assert.That(first.Output, Does.Contain("bounce, suspend -> bounce, soft").And.Contain("active again"));
        Assert.That(second.Errors, Does.Contain("1 read again, 0 changed"));
        Assert.That(await house.StateOfAsync(ann), Is.EqualTo(SubscriptionState.Active));
        Assert.That(JsonDocument.Parse(shown.Output).RootElement.GetProperty("earlier").EnumerateArray().Single().GetProperty("consequence").GetString(), Is.EqualTo("suspend"));
    }

    [Test]
    public async Task Unmatched_mail_is_listed_by_kind_source_and_address()
    {
        await using var house = await ReturnsHouse.WithAsync(new { Kind = "Maildir", Path = "inbox" });
        var ann = await house.AddAsync("ann@readers.test");
        await house.Program.FeedAsync(Bounce, "receive", "-", "--recipient", house.Ours.ReturnPath(ann));
        await house.Program.FeedAsync(Bounce.Replace("ann@", "eve@", StringComparison.Ordinal), "receive", "-");

        var all = await house.Program.RunAsync("returns", "--json");
        var unmatched = await house.Program.RunAsync("returns", "--unmatched", "--json");
        var byAddress = await house.Program.RunAsync("returns", "--address", "ANN@readers.test", "--kind", "bounce", "--source", "standard", "--json");
        var none = await house.Program.RunAsync("returns", "--source", "imap", "--since", "1h");

        Assert.That((Ids(all), Ids(unmatched), Ids(byAddress), none.Output), Is.EqualTo(("2 1", "2", "1", "")), all.Errors + unmatched.Errors + byAddress.Errors + none.Errors);
    }

    [TestCase("--again")]
    [TestCase("--again", "seven")]
    [TestCase("--dry-run")]
    [TestCase("--again", "1", "--kind", "sandwich")]
    [TestCase("--again", "--since", "tomorrow")]
    public async Task What_is_asked_for_wrongly_is_one_line_and_exit_code_2(params string[] arguments)
    {
        await using var house = await ReturnsHouse.WithAsync(new { Kind = "Maildir", Path = "inbox" });

        var run = await house.Program.RunAsync(["receive", .. arguments]);

        Assert.That(run.Code, Is.EqualTo(2), run.Errors);
        Assert.That(run.Errors, Does.Not.Contain("Exception"));
    }

    [Test]
    public async Task A_mail_server_is_told_to_come_again_whatever_is_wrong_with_us()
    {
        await using var house = await ReturnsHouse.WithAsync(new { Kind = "Maildir", Path = "inbox" });

        var stored = await house.Program.FeedAsync(Bounce, "receive", "-", "--mta");
        var wrongSetting = await house.Program.FeedAsync(Bounce, "receive", "-", "--mta", "--set", "Database:Provider=Oracle");
        var wrongName = await house.Program.FeedAsync(Bounce, "receive", "-", "--mta", "--set", "Returns:Domian=returns.test");
        var wrongUsage = await house.Program.FeedAsync(Bounce, "receive", "-", "--mta", "--sandwich");
        await house.ExecuteAsync("alter table returned_mails rename to away");
        var storeAway = await house.Program.FeedAsync(Bounce.Replace("ann", "bob", StringComparison.Ordinal), "receive", "-", "--mta");

        Assert.That((stored.Code, wrongSetting.Code, wrongName.Code, wrongUsage.Code, storeAway.Code), Is.EqualTo((0, 75, 75, 75, 75)), stored.Errors + wrongSetting.Errors + wrongUsage.Errors + storeAway.Errors);
    }

    [Test]
    public async Task A_name_that_means_nothing_is_said_and_no_mail_taken()
    {
        await using var house = await ReturnsHouse.WithAsync(new { Kind = "Maildir", Path = "inbox" });

        var run = await house.Program.FeedAsync(Bounce, "receive", "-", "--set", "Returns:Domian=returns.test");

        Assert.That((run.Code, run.Output, await house.CountAsync("select count(*) from returned_mails")), Is.EqualTo((1, "", 0L)));
        Assert.That(run.Errors, Does.Contain("did you mean Returns:Domain?"));
    }

    [Test]
    public async Task A_mail_that_is_not_there_is_said_and_the_others_are_read()
    {
        await using var house = await ReturnsHouse.WithAsync(new { Kind = "Maildir", Path = "inbox" });
        await house.Program.FeedAsync(Bounce, "receive", "-");

        var run = await house.Program.RunAsync("receive", "--again", "1", "999");

        Assert.That((run.Code, run.ErrorLines), Is.EqualTo((1, new[] { "newsletter: there is no mail 999 that can be read again; newsletter returns lists them", "1 read again, 0 changed, 0 could not be handled" }))
            .Using<(int Code, string[] Lines)>((one, other) => one.Code == other.Code && one.Lines.SequenceEqual(other.Lines)));
    }

    private static string Ids(Ran run) => string.Join(' ', run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetInt64()));
}
