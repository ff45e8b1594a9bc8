using System.Text;
using Newsletter.Issues;
using Newsletter.Linting;

namespace Newsletter.Mailroom;

/// <summary>Looks over issues with the web asked: what is gone is found, and what is seen of images is kept in <c>images.json</c> for rendering.</summary>
public sealed class OnlineLint(PublicationFolder folder, Publication publication, WebVisitOptions options, TimeProvider time)
{
    /// <summary>Why <c>images.json</c> was not written; empty where it was, or nothing had to be.</summary>
    public string Trouble { get; private set; } = "";

    /// <summary>Visits all addresses of some issues.</summary>
    /// <returns>What there is to say of an issue: <see cref="Linter.CheckOnline"/>'s question answered.</returns>
    /// <exception cref="IOException">The records cannot be written.</exception>
    public async Task<Func<WebAddress, Visit?>> VisitAsync(IReadOnlyCollection<WebAddress> addresses, Action<Uri> progress, CancellationToken ct)
    {
        using var visits = new WebVisits(publication, options, time);
        var seen = await visits.AllAsync(addresses, progress, ct);
        await KeepAsync(addresses, seen);
        return address => seen.GetValueOrDefault(WebVisits.KeyOf(address));
    }

    // By the address as the author wrote it: so rendering asks.
    private async Task KeepAsync(IEnumerable<WebAddress> addresses, IReadOnlyDictionary<string, Visit> seen)
    {
        var path = Path.Combine(folder.Root, ImageRecords.FileName);
        var before = File.Exists(path) ? await File.ReadAllTextAsync(path, Encoding.UTF8) : "";
        var known = string.IsNullOrWhiteSpace(before) ? "{}" : before;
        if (ImageRecords.Fault(known) is { } fault)
        {
            Trouble = $"{path}: {fault}, so nothing was written to it; mend it, or delete it and run this again";
            return;
        }

        var records = ImageRecords.Read(known).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        foreach (var address in addresses.Where(address => address.IsImage))
            if (seen.GetValueOrDefault(WebVisits.KeyOf(address))?.Image is { } facts)
                records[address.Address.OriginalString] = facts;
        var after = ImageRecords.Write(records);
        if (records.Count > 0 && after != before)
            await WholeFile.WriteAsync(path, WholeFile.Ordinary, text => text.WriteAsync(after));
    }
}
