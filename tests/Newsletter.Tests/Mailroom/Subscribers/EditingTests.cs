using Microsoft.Extensions.Time.Testing;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Mailroom.Subscribers;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class EditingTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly EmailAddress Ada = EmailAddress.Read("ada@example.org")!;
    private readonly FakeTimeProvider time = new(new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));

    private SubscriberStore Store => field ??= new(Database, Some.ErasedAddresses());

    private SubscriberEdits Edits => field ??= new(Database);

    private Editing Editing => field ??= new(Edits, Some.Acts(Database, time), time);

    [Test]
    public async Task What_is_named_is_changed_and_all_else_stays()
    {
        var id = await AddAsync(new(Ada)
        {
            Name = "Ada", Fields = new Dictionary<string, string> { ["city"] = "Bern", ["shoe"] = "39" }, Tags = ["press", "early"], Topics = ["hpc"], Language = "de", TimeZone = "Europe/Zurich", Source = "form",
        });

        var outcome = await Editing.EditAsync(id, new()
        {
            Name = "Ada Lovelace", Fields = new Dictionary<string, string> { ["City"] = "Zürich", ["shoe"] = "", ["hat"] = "56" }, Tags = ["vip"], Untags = [" press "], Language = "",
        }, Stop);

        var profile = (await Store.FindAsync(id, Stop))!.Profile!;
        Assert.That((profile.Name, profile.Language, profile.TimeZone, profile.Source), Is.EqualTo(("Ada Lovelace", "", "Europe/Zurich", "form")));
        Assert.That(profile.Fields, Is.EqualTo(new Dictionary<string, string> { ["city"] = "Zürich", ["hat"] = "56" }));
        Assert.That((profile.Tags, profile.Topics), Is.EqualTo((new[] { "early", "vip" }, new[] { "hpc" })).Using<(IReadOnlyList<string> Tags, IReadOnlyList<string> Topics)>((one, other) => one.Tags.SequenceEqual(other.Tags) && one.Topics.SequenceEqual(other.Topics)));
        Assert.That(outcome.Changed, Is.EqualTo(new[] { "Name", "Fields", "Tags", "Language" }));
        Assert.That(await LinesAsync(), Is.EqualTo(new[] { $"subscribers edit subscriber {id.Value} {{\"changed\":[\"Name\",\"Fields\",\"Tags\",\"Language\"],\"note\":false}}" }));
    }

    [Test]
    public async Task An_edit_that_changes_nothing_writes_nothing()
    {
        var id = await AddAsync(new(Ada) { Name = "Ada", Tags = ["press"] });

        var outcome = await Editing.EditAsync(id, new() { Name = " Ada ", Tags = ["press"], Untags = ["none"] }, Stop);

        Assert.That((outcome.IsNew, await LinesAsync()), Is.EqualTo((false, Array.Empty<string>())).Using<(bool, string[])>((one, other) => one.Item1 == other.Item1 && one.Item2.SequenceEqual(other.Item2)));
    }

    [Test]
    public async Task Notes_are_lines_with_time_and_author_and_go_with_the_person()
    {
        var id = await AddAsync(new(Ada));
        await Editing.EditAsync(id, new() { Note = "asked for print\nand a map\u0007" }, Stop);
        time.Advance(TimeSpan.FromDays(1));
        await Editing.EditAsync(id, new() { Note = "map sent" }, Stop);

        var notes = await Edits.NotesAsync(id, Stop);
        await Store.EraseAsync(id, "asked for", Actor.Editor, time.GetUtcNow(), Stop);

        Assert.That(notes, Is.EqualTo(new SubscriberNote[] { new(time.GetUtcNow().AddDays(-1), "clock", "asked for print\nand a map"), new(time.GetUtcNow(), "clock", "map sent") }));
        Assert.That(await Edits.NotesAsync(id, Stop), Is.Empty);
        Assert.That((await Editing.EditAsync(id, new() { Note = "still there?" }, Stop)).Changed, Is.Null, "who is erased has no profile");
    }

    [Test]
    public async Task Eight_who_add_a_tag_at_once_lose_none()
    {
        var id = await AddAsync(new(Ada));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => new SubscriberEdits(OpenAnother()).EditAsync(id, profile => profile with { Tags = [.. profile.Tags, $"t{i}"] }, new(time.GetUtcNow(), "x", ""), Stop))));

        Assert.That((await Store.FindAsync(id, Stop))!.Profile!.Tags, Has.Count.EqualTo(8));
    }

    [Test]
    public void What_cannot_be_kept_so_is_said()
    {
        var faults = new ProfileEdit { Fields = new Dictionary<string, string> { ["e-mail"] = "x" }, Language = "german!", TimeZone = "Mars/Base" }.Faults();

        Assert.That(faults, Is.EqualTo(new[]
        {
            "no field can be called \"e-mail\": that is no name, or a column with a meaning of its own",
            "\"german!\" is no language; write it as en, de or pt-BR (BCP 47)",
            "\"Mars/Base\" is no time zone; write its IANA name, as Europe/Berlin",
        }));
    }

    private async Task<SubscriberId> AddAsync(Profile profile) =>
        ((Addition.Added)await Store.AddAsync(profile, new(SubscriptionState.Active, "test", Actor.Editor, time.GetUtcNow()), Stop)).Id;

    private async Task<string[]> LinesAsync() => await new AuditLog(Database, new(Some.KeyRing())).ListAsync("", null, Stop).Select(line => $"{line.Line.Act} {line.Line.Subject} {line.Line.Detail}").ToArrayAsync(Stop);
}
