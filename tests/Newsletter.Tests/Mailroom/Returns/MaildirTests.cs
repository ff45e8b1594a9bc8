using System.Text;
using Newsletter.Mailroom;

namespace Newsletter.Tests.Mailroom.Returns;

public sealed class MaildirTests
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private readonly TemporaryFolder folder = new();

    [TearDown]
    public void Remove_the_folder() => folder.Dispose();

    [Test]
    public async Task What_waits_is_handed_over_oldest_first_and_filed()
    {
        await DeliverAsync("2.b", "second");
        await DeliverAsync("1.a", "first");

        var seen = await ReceiveAsync(_ => Filing.Processed);

        Assert.That(seen, Is.EqualTo(new[] { "first", "second" }));
        Assert.That(Names(".Processed", "cur"), Is.EqualTo(new[] { "1.a:2,S", "2.b:2,S" }));
        Assert.That(Names("new"), Is.Empty);
    }

    [Test]
    public async Task A_mail_that_a_mail_program_has_looked_at_waits_too()
    {
        await DeliverAsync("1.a", "seen");
        Directory.Move(folder.File("new", "1.a"), folder.File("cur", "1.a:2,RS"));

        var seen = await ReceiveAsync(_ => Filing.Unmatched);

        Assert.That(seen, Is.EqualTo(new[] { "seen" }));
        Assert.That(Names(".Unmatched", "cur"), Is.EqualTo(new[] { "1.a:2,S" }));
    }

    [Test]
    public async Task A_mail_whose_taking_fails_stays_and_comes_again()
    {
        await DeliverAsync("1.a", "first");

        await Assert.ThrowsAsync<InvalidOperationException>(() => ReceiveAsync(_ => throw new InvalidOperationException()));
        var seen = await ReceiveAsync(_ => Filing.Processed);

        Assert.That(seen, Is.EqualTo(new[] { "first" }));
    }

    [Test]
    public async Task A_mail_that_is_to_stay_stays_and_those_behind_it_are_read()
    {
        await DeliverAsync("1.a", "first");
        await DeliverAsync("2.b", "second");

        var seen = await ReceiveAsync(text => text == "first" ? null : Filing.Processed);

        Assert.That(seen, Is.EqualTo(new[] { "first", "second" }));
        Assert.That(Names("new"), Is.EqualTo(new[] { "1.a" }));
    }

    [Test]
    public async Task Two_mails_of_one_name_are_both_kept()
    {
        await DeliverAsync("1.a", "one");
        await ReceiveAsync(_ => Filing.Processed);
        await DeliverAsync("1.a", "other");

        await ReceiveAsync(_ => Filing.Processed);

        Assert.That(Directory.GetFiles(folder.File(".Processed", "cur")).Select(File.ReadAllText), Is.EquivalentTo(new[] { "one", "other" }));
    }

    [Test]
    public async Task A_folder_that_is_missing_is_made_and_empty()
    {
        var seen = await ReceiveAsync(_ => Filing.Processed);

        Assert.That(seen, Is.Empty);
        Assert.That(Directory.Exists(folder.File("new")), Is.True);
    }

    [Test]
    public async Task A_file_where_the_folder_should_be_is_said_in_one_line()
    {
        await File.WriteAllTextAsync(folder.File("inbox"), "x");

        var trouble = await Assert.ThrowsAsync<MailboxException>(() => new Maildir(folder.File("inbox")).ReceiveAsync(_ => Task.FromResult<Filing?>(Filing.Processed), Stop));

        Assert.That(trouble!.Message, Does.Contain("inbox").And.Not.Contain("\n"));
    }

    private Task DeliverAsync(string name, string text) => Maildir.DeliverAsync(folder.Path, name, Encoding.UTF8.GetBytes(text), Stop);

    private string[] Names(params string[] path) => [.. Directory.GetFiles(folder.File(path)).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    private async Task<List<string>> ReceiveAsync(Func<string, Filing?> file)
    {
        var seen = new List<string>();
        await new Maildir(folder.Path).ReceiveAsync(raw =>
        {
            seen.Add(Encoding.UTF8.GetString(raw.Span));
            return Task.FromResult(file(seen[^1]));
        }, Stop);
        return seen;
    }
}
