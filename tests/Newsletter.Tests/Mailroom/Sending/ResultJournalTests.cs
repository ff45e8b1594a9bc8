using Newsletter.Mailroom;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Tests.Mailroom.Sending;

/// <summary>The journal of a worker that is gone is read as far as it is whole.</summary>
public sealed class ResultJournalTests
{
    private const string Ledger = "here";
    private const string Gone = "elsewhere"; // for the files themselves it is all one whose they are
    private static readonly DateTimeOffset Noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder folder = new();

    [TearDown]
    public void Remove_the_folder() => folder.Dispose();

    [Test]
    public void What_was_added_is_read_again_as_it_was()
    {
        AttemptResult[] results =
        [
            new(Claim(1), new SmtpOutcome.Accepted("2.0.0 queued as Łódź", 250), new(DeliveryState.Sent), Noon, "0123456789ab"),
            new(Claim(2), new SmtpOutcome.Deferred(451, "4.7.1", "greylisted", SmtpScope.Recipient), new(DeliveryState.Deferred, Noon.AddMinutes(5)), Noon),
            new(Claim(3), new SmtpOutcome.InDoubt("the line was lost"), new(DeliveryState.InDoubt), Noon),
        ];
        using var file = Begun(results);

        var read = JournalFile.Read(file.Path)!;

        Assert.That(read.Head, Is.EqualTo(new JournalHead(7, Gone, Ledger)));
        Assert.That(read.Entries.Select(entry => entry.Result()!).Select(Essence), Is.EqualTo(results.Select(Essence)));
    }

    [Test]
    public void The_bounce_of_a_refused_address_is_read_as_it_was_written()
    {
        using var file = Begun(Refused() with { Bounce = Rejections.FactOf(NoSuchUser, new(DeliveryState.Failed), Refused().Claim.Id, Noon) });

        Assert.That(JournalFile.Read(file.Path)!.Entries.Single().Result()?.Bounce, Is.EqualTo(Rejections.FactOf(NoSuchUser, new(DeliveryState.Failed), Refused().Claim.Id, Noon)).And.Not.Null);
    }

    [Test]
    public void An_address_refused_in_the_sandbox_suspends_no_reader()
    {
        using var file = Begun(Refused());

        Assert.That(JournalFile.Read(file.Path)!.Entries.Single().Result(), Is.Not.Null.And.Property("Bounce").Null);
    }

    [Test]
    public void An_entry_torn_anywhere_ends_the_reading_and_those_before_it_count([Range(1, 40, 3)] int lost)
    {
        using var file = Begun(Accepted(1), Accepted(2));
        var length = File.ReadAllBytes(file.Path).AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        using (var cut = File.Open(file.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            cut.Position = length - lost;
            cut.Write(new byte[lost]);
        }

        Assert.That(JournalFile.Read(file.Path)!.Entries.Select(entry => entry.Subscriber), Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void What_stood_there_in_an_earlier_turn_does_not_count()
    {
        using var file = Begun(Accepted(1), Accepted(2), Accepted(3));
        file.Begin(new(9, Gone, Ledger));
        file.Add(JournalEntry.Of(Accepted(4)));

        Assert.That(JournalFile.Read(file.Path)!.Entries.Select(entry => entry.Subscriber), Is.EqualTo(new[] { 4 }));
    }

    [Test]
    public void A_file_that_is_none_of_ours_is_let_be()
    {
        var path = folder.File("notes");
        File.WriteAllBytes(path, [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))]);

        Assert.That(JournalFile.Read(path), Is.Null);
    }

    [Test]
    public void A_letter_that_was_begun_and_has_no_result_is_known_across_turns()
    {
        var left = new LeftJournal(Gone, [], [JournalEntry.Begun(Claim(1)), JournalEntry.Begun(Claim(2)), JournalEntry.Of(Accepted(1))]);

        Assert.That(left.Begun.Select(entry => entry.Subscriber), Is.EqualTo(new[] { 2 }));
    }

    [Test]
    public void What_was_begun_and_has_not_ended_goes_along_when_the_files_take_turns()
    {
        var worker = WorkerName.New();
        using var journal = new ResultJournal(folder.Path, worker, Ledger);
        journal.Add(JournalEntry.Begun(Claim(1)));
        journal.Add(JournalEntry.Begun(Claim(2)));
        journal.Add(JournalEntry.Of(Accepted(2)));
        journal.Turn([JournalEntry.Begun(Claim(1))]);
        journal.Turn([JournalEntry.Begun(Claim(1))]);

        var left = ResultJournal.Of([worker], folder.Path, Ledger).Single();

        Assert.That((left.Results.Count, string.Join(' ', left.Begun.Select(entry => entry.Subscriber).Distinct())), Is.EqualTo((0, "1")));
    }

    [Test]
    public void Where_the_other_file_cannot_be_written_no_result_is_lost()
    {
        var worker = WorkerName.New();
        using var journal = new ResultJournal(folder.Path, worker, Ledger);
        journal.Add(JournalEntry.Of(Accepted(1)));
        Assert.That(() => journal.Turn(ButTheDiskIsFull(JournalEntry.Begun(Claim(2)))), Throws.InstanceOf<IOException>());
        journal.Add(JournalEntry.Of(Accepted(3)));
        journal.Turn([]);

        Assert.That(ResultJournal.Of([worker], folder.Path, Ledger).Single().Results.Select(result => result.Claim.Id.Subscriber.Value), Is.EqualTo(new[] { 1, 3 }));
    }

    [Test]
    public void The_journal_of_a_living_worker_is_its_own_and_a_closed_one_leaves_nothing()
    {
        var journal = new ResultJournal(folder.Path, WorkerName.New(), Ledger);
        journal.Add(JournalEntry.Of(Accepted(1)));
        var living = ResultJournal.LeftIn(folder.Path, Ledger);
        journal.Close(isDone: true);

        Assert.That((living.Count, Directory.GetFiles(folder.Path).Length), Is.EqualTo((0, 0)));
    }

    /// <summary>It goes on writing until it is dead: what was read before is not all.</summary>
    [Test]
    public void A_worker_that_dies_while_it_is_looked_for_has_written_to_the_last()
    {
        using var journal = new ResultJournal(folder.Path, Gone, Ledger);
        journal.Add(JournalEntry.Of(Accepted(1)));

        var left = ResultJournal.LeftIn(folder.Path, Ledger, isGone: _ =>
        {
            journal.Add(JournalEntry.Of(Accepted(2)));
            journal.Turn([]);
            journal.Add(JournalEntry.Of(Accepted(3)));
            return true;
        });

        Assert.That(string.Join(' ', left.Single().Results.Select(result => result.Claim.Id.Subscriber.Value)), Is.EqualTo("1 2 3"));
    }

    [Test]
    public void Of_a_worker_that_dies_between_its_two_files_neither_is_taken_or_both()
    {
        using var journal = new ResultJournal(folder.Path, Gone, Ledger);
        journal.Add(JournalEntry.Of(Accepted(1)));
        var asked = 0;

        var left = ResultJournal.LeftIn(folder.Path, Ledger, isGone: _ => asked++ > 0);

        Assert.That((left.Count, asked), Is.EqualTo((0, 1)));
        Assert.That(ResultJournal.LeftIn(folder.Path, Ledger, isGone: _ => asked++ > 0).Single().Files, Has.Count.EqualTo(2));
    }

    private static IEnumerable<JournalEntry> ButTheDiskIsFull(JournalEntry first)
    {
        yield return first;
        throw new IOException("no space left on device");
    }

    private JournalFile Begun(params AttemptResult[] results)
    {
        var file = new JournalFile(folder.File("one.a"));
        file.Begin(new(7, Gone, Ledger));
        foreach (var result in results)
            file.Add(JournalEntry.Of(result));
        return file;
    }

    private static readonly SmtpOutcome.Rejected NoSuchUser = new(550, "5.1.1", "5.1.1 no such user");

    private static AttemptResult Refused() => new(Claim(1), NoSuchUser, new(DeliveryState.Failed), Noon);

    private static AttemptResult Accepted(long subscriber) => new(Claim(subscriber), new SmtpOutcome.Accepted("ok", 250), new(DeliveryState.Sent), Noon);

    private static Claim Claim(long subscriber) => new(new(new(5), new(subscriber)), 1, 3, "", "", new Dictionary<string, string>());

    private static object Essence(AttemptResult result) =>
        (result.Claim.Id, result.Claim.Attempt, result.Claim.Fence, result.Outcome.GetType(), result.Outcome.Words, result.After, result.At, result.Revision);
}
