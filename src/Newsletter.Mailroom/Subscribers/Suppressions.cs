using System.Runtime.CompilerServices;
using Newsletter.Addresses;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>What became of a list of addresses to bar.</summary>
/// <param name="Barred">Those that were not barred before.</param>
/// <param name="Before">Those that were, or are an erased person's.</param>
/// <param name="Bad">Lines that are no address.</param>
public sealed record BarTally(long Barred, long Before, long Bad);

/// <summary>The verbs on the list of addresses that get no mail whoever asks.</summary>
public sealed class Suppressions(SuppressionStore store, Acts acts, TimeProvider time)
{
    /// <summary>Addresses a transaction: others write meanwhile.</summary>
    private const int Batch = 500;

    private const int LongestWhy = 400;

    /// <summary>Bars one address; false where it was barred already, or is an erased person's.</summary>
    public async Task<bool> AddAsync(EmailAddress address, string why, CancellationToken ct) =>
        await acts.DoAsync(() => store.AddAsync([address], Manual(why), ct), added => added > 0 ? new Deed("suppressions add", acts.Subject(address)) : null) > 0;

    /// <summary>Bars the addresses of a list. A stop leaves whole batches, and the same list again does the rest.</summary>
    /// <param name="list">See <see cref="AddressList"/>.</param>
    /// <param name="why">For all of them.</param>
    /// <param name="onBad">Told the number of every line that is no address.</param>
    /// <param name="ct">Stops between two batches.</param>
    public async Task<BarTally> AddAsync(Stream list, string why, Action<long> onBad, CancellationToken ct)
    {
        var (tally, suppression) = (new BarTally(0, 0, 0), Manual(why));
        await foreach (var lines in AddressList.ReadAsync(list, ct).Chunk(Batch).WithCancellation(ct))
        {
            foreach (var bad in lines.Where(line => line.Address is null))
                onBad(bad.Line);
            var batch = lines.Where(line => line.Address is not null).Select(line => line.Address!).ToList();
            var added = await acts.DoAsync(() => store.AddAsync(batch, suppression, ct), count => count > 0 ? new Deed("suppressions add", "", new { addresses = count }) : null);
            tally = new(tally.Barred + added, tally.Before + batch.Count - added, tally.Bad + lines.Length - batch.Count);
        }
        return tally;
    }

    /// <summary>All that are barred; the list goes out only with its line in the audit log where <paramref name="isExport"/>.</summary>
    public async IAsyncEnumerable<SuppressedAddress> ListAsync(bool isExport, [EnumeratorCancellation] CancellationToken ct)
    {
        if (isExport)
            await acts.NoteAsync(new("suppressions export", ""), ct);
        await foreach (var line in store.ListAsync(ct))
            yield return line;
    }

    /// <summary>Takes away what bars an address; why is a note on its subscriber, where there is one. Who is unsubscribed by it stays so: only the reader comes back, or an undo.</summary>
    public Task<LiftOutcome> RemoveAsync(EmailAddress address, string why, CancellationToken ct) =>
        acts.DoAsync(() => store.RemoveAsync(address, new(time.GetUtcNow(), acts.By.Words, $"no longer barred: {PersonalText.OneLine(why, LongestWhy)}"), ct), outcome => outcome is LiftOutcome.Lifted ? new Deed("suppressions remove", acts.Subject(address)) : null);

    private Suppression Manual(string why) => new(SuppressionReason.Manual, Actor.Editor, time.GetUtcNow(), PersonalText.OneLine(why, LongestWhy));
}
