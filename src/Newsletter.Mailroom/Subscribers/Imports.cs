using System.Security.Cryptography;
using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>Lists of subscribers that are taken in.</summary>
/// <remarks>
/// Addresses of ours are no reader's: a letter to the one by which another reader leaves would end that reader's subscription. Whose domain ours are at is asked only
/// where an address looks like one, so that a list can be made before the publication is set up.
/// </remarks>
public sealed class Imports(SubscriberImport store, Lazy<OurAddresses> ours, Acts acts, TimeProvider clock)
{
    /// <summary>Rows in a part, all lanes together: large enough that an index takes many of them at one place.</summary>
    internal int PartSize { get; init; } = 80_000;

    /// <summary>Takes a list in. Every good row is in when it returns; after a stop, however hard, the same list goes on where it was.</summary>
    /// <param name="list">CSV, see <see cref="SubscriberCsv"/>. One that cannot be read twice is copied to a file of its own first.</param>
    /// <param name="name">The list's name: in the history, and the source of those whose row gives none.</param>
    /// <param name="watch">Told of what happens, by one thread at a time.</param>
    /// <param name="ct">Stops between two batches.</param>
    /// <exception cref="ImportOverException">Another process goes on with the same list.</exception>
    public async Task<ImportTally> TakeInAsync(Stream list, string name, ImportWatch watch, CancellationToken ct)
    {
        await using var copy = list.CanSeek ? null : await CopyAsync(list, ct);
        var file = copy ?? list;
        var start = file.Position;
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct));
        file.Position = start;

        // Many transactions: a line with the first says that it began, so that one which is cut short is there as well.
        var run = await acts.DoAsync(() => store.BeginAsync(PersonalText.OneLine(name, 200), hash, clock.GetUtcNow(), ct), begun => new Deed("subscribers import", Deed.Numbered("import", begun.Id.Value), new { begun.GoesOn }));
        watch.Begins(run);
        await using (var lanes = new ImportLanes(store, run, PartSize, watch, ct))
        {
            var rows = new SubscriberList(file, run.List);
            for (; ; )
                if (rows.NextPlain() is { } plain)
                    await lanes.AddAsync(plain, file.Position - start);
                else if (await rows.NextAsync(lanes.Stop) is { } row)
                    await lanes.AddAsync(row is ListRow.Person person && IsOurs(person.Profile.Address) ? OfOurs(person) : row, file.Position - start);
                else
                    break;
            await lanes.EndAsync();
            run = lanes.Run;
        }
        await acts.DoAsync(() => store.EndAsync(run, clock.GetUtcNow(), ct), ended => ended ? new Deed("subscribers import", Deed.Numbered("import", run.Id.Value), new { run.Tally }) : null);
        return run.Tally;
    }

    /// <summary>Takes an import back: whom it added is gone, or mailed no more where something has happened to them since; whom it changed is as before, where nobody else has changed them. Stopped half-way, it goes on the next time.</summary>
    /// <param name="import">Which.</param>
    /// <param name="onBatch">Told what it came to so far.</param>
    /// <param name="ct">Stops between two batches.</param>
    /// <returns>Null: there is no such import.</returns>
    public async Task<ImportUndone?> UndoAsync(ImportId import, Action<ImportUndone> onBatch, CancellationToken ct)
    {
        var (at, subject) = (clock.GetUtcNow(), Deed.Numbered("import", import.Value));
        if (!await acts.DoAsync(() => store.BeginUndoAsync(import, at, ct), found => found ? new Deed("subscribers imports undo", subject) : null))
            return null;
        var sum = new ImportUndone(0, 0, 0, 0, 0);
        foreach (var step in new Func<SubscriberId, Task<(ImportUndone, SubscriberId?)>>[] { after => store.UndoAddedAsync(import, after, at, ct), after => store.UndoChangedAsync(import, after, ct) })
            for (SubscriberId? after = new(0); after is { } last;)
            {
                (var undone, after) = await step(last);
                onBatch(sum += undone);
            }
        await acts.NoteAsync(new("subscribers imports undo", subject, sum), CancellationToken.None);
        return sum;
    }

    private static async Task<FileStream> CopyAsync(Stream list, CancellationToken ct)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = WholeFile.Private;
        var copy = new FileStream(Path.Combine(Path.GetTempPath(), $"newsletter-{Path.GetRandomFileName()}"), options);
        await list.CopyToAsync(copy, ct);
        copy.Position = 0;
        return copy;
    }

    private bool IsOurs(EmailAddress address) => OurAddresses.HaveSealedForm(address) && ours.Value.AreOurs(address);

    private static ListRow.Bad OfOurs(ListRow.Person person) => new(person.Line, $"{person.Profile.Address} is an address of this newsletter's own, no reader's");
}

/// <summary>Told of an import while it lasts.</summary>
public sealed record ImportWatch
{
    /// <summary>It begins, or goes on.</summary>
    public Action<ImportRun> Begins { get; init; } = _ => { };

    /// <summary>Of a row that nothing can be read from.</summary>
    public Action<ListRow.Bad> Bad { get; init; } = _ => { };

    /// <summary>A part is in: what all of the list came to so far, and how many octets of it were read.</summary>
    public Action<ImportTally, long> Takes { get; init; } = (_, _) => { };
}
