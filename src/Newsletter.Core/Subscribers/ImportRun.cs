using System.Text;
using Newsletter.Addresses;

namespace Newsletter.Subscribers;

/// <summary>A list that is being taken in, or was.</summary>
/// <param name="Id">Its number in the store.</param>
/// <param name="List">The list's name: in the history, and the source of those whose row gives none.</param>
/// <param name="At">When it began.</param>
/// <param name="Lanes">How far each of those is that take it in side by side. An address has one lane for good, so its rows are taken in the list's order.</param>
public sealed record ImportRun(ImportId Id, string List, DateTimeOffset At, IReadOnlyList<ImportLane> Lanes)
{
    /// <summary>What became of the rows that are in.</summary>
    public ImportTally Tally => Lanes.Aggregate(new ImportTally(), (sum, lane) => sum + lane.Tally);

    /// <summary>Whether some of it was in already when it was begun.</summary>
    public bool GoesOn => Lanes.Any(lane => lane.Line > 0);

    /// <summary>The lane of an address: the same in every process.</summary>
    public int LaneOf(EmailAddress address) => Lanes.Count == 1 ? 0 : LaneOf(Encoding.UTF8.GetBytes(address.Key));

    /// <summary>The lane of the address with this <see cref="EmailAddress.Key"/>, in UTF-8.</summary>
    public int LaneOf(ReadOnlySpan<byte> addressKey)
    {
        if (Lanes.Count == 1)
            return 0;
        var hash = 2166136261u; // FNV-1a
        foreach (var octet in addressKey)
            hash = (hash ^ octet) * 16777619;
        return (int)(hash % (uint)Lanes.Count);
    }
}

/// <summary>One of those that take a list in side by side.</summary>
/// <param name="Line">All its rows up to this line of the list are in.</param>
/// <param name="Tally">What became of them.</param>
public sealed record ImportLane(long Line, ImportTally Tally);
