using System.Data.Common;

namespace Newsletter.Tests.Mailroom.Returns;

/// <content>Answers that do not go as they should.</content>
public sealed partial class AnswerTests
{
    [Test]
    public async Task A_relay_that_breaks_off_leaves_the_answer_in_doubt_and_it_goes_again_only_when_a_person_says_so()
    {
        var thread = await ReplyAsync("a1", "Hello");
        var id = (await AnswerDesk.WriteAsync(thread, "Thank you.", quote: false, "form 1", "", Stop)).Id!.Value;
        await BeginAsync(id); // a process that dies now
        Clock.Advance(TimeSpan.FromHours(1));

        await Sender().SendAsync(Stop);
        var inDoubt = (await Answers.FindAsync(id, Stop))!.State;
        var before = Notes().Count;
        await Answers.AgainAsync(id, Clock.GetUtcNow(), Stop);
        await Sender().SendAsync(Stop);

        Assert.That((inDoubt, before, (await Answers.FindAsync(id, Stop))!.State, Notes().Count), Is.EqualTo(("in doubt", 0, "sent", 1)));
    }

    [Test]
    public async Task A_database_that_fails_before_the_relay_is_asked_leaves_the_answer_waiting()
    {
        var thread = await ReplyAsync("a1", "Hello");
        var id = (await AnswerDesk.WriteAsync(thread, "Thank you.", quote: false, "form 1", "", Stop)).Id!.Value;
        await ExecuteAsync("alter table suppressions rename to away");

        Assert.That(async () => await Sender().SendAsync(Stop), Throws.InstanceOf<DbException>());
        var failed = (await Answers.FindAsync(id, Stop))!.State;
        await ExecuteAsync("alter table away rename to suppressions");
        Clock.Advance(TimeSpan.FromHours(1));
        await Sender().SendAsync(Stop);

        Assert.That((failed, (await Answers.FindAsync(id, Stop))!.State, Notes().Count), Is.EqualTo(("waiting", "sent", 1)));
    }

    [Test]
    public async Task One_that_cannot_be_written_has_failed_says_why_and_keeps_none_behind_it()
    {
        var (one, other) = (await ReplyAsync("a1", "Hello"), await ReplyAsync("a2", "Good morning"));
        var broken = (await AnswerDesk.WriteAsync(one, "Thank you.", quote: false, "form 1", "", Stop)).Id!.Value;
        await AnswerDesk.WriteAsync(other, "Thank you, too.", quote: false, "form 2", "", Stop);
        await ExecuteAsync("update returned_mails set raw = x'ffff'");
        await ExecuteAsync("update answers set returned_mail_id = (select min(id) from returned_mails) where key = 'form 1'");

        var sent = await Sender().SendAsync(Stop);

        var failed = (await Answers.FindAsync(broken, Stop))!;
        Assert.That((sent, failed.State, failed.Words.Length > 0, (await Inbox.FindAsync(one, Stop))!.State), Is.EqualTo((1, "failed", true, "unread")));
    }
}
