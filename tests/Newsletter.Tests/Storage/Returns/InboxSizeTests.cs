using System.Diagnostics;
using Dapper;
using Newsletter.Storage;

namespace Newsletter.Tests.Storage.Returns;

/// <summary>How long the inbox takes with a hundred thousand replies in it. Run by hand; the figures stand in docs/scaling.md.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
[Explicit("it measures, and takes a minute")]
public sealed class InboxSizeTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private const int Replies = 100_000;
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly string[] Words = ["hedge", "gate", "wall", "harbour", "orchard", "ditch", "stile", "meadow", "thorn", "hazel", "letter", "garden", "winter", "spring", "fence", "field"];

    [Test]
    public async Task Lists_and_searches()
    {
        await FillAsync();
        var inbox = new InboxStore(Database);

        foreach (var (name, query) in new[]
        {
            ("open", new InboxQuery()), ("a word that all have", new() { Words = "written" }), ("two words", new() { Words = "harbour orchard" }), ("a rare word", new() { Words = "needle" }),
            ("no such word", new() { Words = "haystack" }), ("an issue", new() { Issue = "issue-3" }), ("the 1500th page", new() { Skip = 60_000 }), ("done and a word", new() { State = "done", Words = "meadow" }),
        })
        {
            await inbox.ListAsync(query, Stop);
            var begun = Stopwatch.GetTimestamp();
            var found = await inbox.ListAsync(query, Stop);
            TestContext.Progress.WriteLine($"{typeof(THome).Name}: {name}: {found.Count} found in {Stopwatch.GetElapsedTime(begun).TotalMilliseconds:0} ms");
        }
        var start = Stopwatch.GetTimestamp();
        var (counts, issues) = (await inbox.CountAsync(Stop), await inbox.IssuesAsync(Stop));
        TestContext.Progress.WriteLine($"{typeof(THome).Name}: counts of all and of {issues.Count} issues: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms");
        Assert.That(counts.Unread + counts.Read + counts.Done, Is.EqualTo(Replies));
    }

    private Task FillAsync() => Database.WriteAsync(async transaction =>
    {
        var chance = new Random(1);
        foreach (var edition in Enumerable.Range(1, 50))
            await transaction.Connection!.ExecuteAsync("insert into editions (id, issue_slug, title, content_hash, rendered, state, state_at, due_at, created_at) values (@edition, @slug, @slug, '', '', 'complete', 0, 0, 0)", new { edition, slug = $"issue-{edition}" }, transaction);
        for (var at = 1; at <= Replies; at++)
        {
            var text = string.Join(' ', Enumerable.Range(0, 60).Select(_ => Words[chance.Next(Words.Length)])) + (at % 20_000 == 0 ? " needle" : "") + " written";
            await transaction.Connection!.ExecuteAsync("""
                insert into returned_mails (id, content_hash, raw, size, source, received_at, kind, handled_at) values (@at, @hash, @raw, 0, '', @at, 'reply', @at);
                insert into threads (id, edition_id, subject, state, last_at, box) values (@at, @edition, 'Re: Hedges', @state, @at, 'people');
                insert into replies (id, thread_id, returned_mail_id, sender, subject, body, at, written, search) values (@at, @at, @at, 'ida@harbour.example', 'Re: Hedges', @text, @at, @text, @text)
                """, new { at = (long)at, hash = $"{at}", raw = new byte[1], edition = (long)(at % 50) + 1, state = at % 10 == 0 ? "unread" : at % 3 == 0 ? "done" : "read", text }, transaction);
        }
    }, Stop);
}
