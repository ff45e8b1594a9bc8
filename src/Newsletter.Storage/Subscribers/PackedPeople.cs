using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>People of a list on their way into the store, packed as the rows that they become: a fifth of the memory that objects take, and ready for either database.</summary>
/// <remarks>The form is a row of PostgreSQL's binary COPY: the number of columns, then each as a length and its octets, numbers with the highest octet first.</remarks>
public sealed class PackedPeople
{
    /// <summary>The columns: texts first, then numbers.</summary>
    internal const string Columns = "address_key, address, name, fields, tags, topics, topics_left, language, time_zone, source, state, state_at, created_at, import_id, import_line, paused_until";

    /// <summary>Octets of room for each; more is made where they need more.</summary>
    private const int UsualRow = 232;

    /// <summary>The length of a null.</summary>
    private const int Nothing = -1;

    internal const int Texts = 11;
    internal const int Numbers = 5;

    private readonly ImportId import;
    private readonly long at;
    private readonly List<Place> places;
    private byte[] octets;
    private int used;

    /// <summary>For one import, of which nobody is in here yet.</summary>
    /// <param name="import">Which.</param>
    /// <param name="at">When it began: since then its people stand as they do.</param>
    /// <param name="room">For about so many.</param>
    public PackedPeople(ImportId import, DateTimeOffset at, int room)
    {
        (this.import, this.at) = (import, at.ToUnixTimeMilliseconds());
        (places, octets) = (new(room), new byte[room * UsualRow]);
    }

    private readonly record struct Place(long Line, int Start, int End, SubscriptionState? State);

    /// <summary>How many.</summary>
    public int Count => places.Count;

    /// <summary>One more.</summary>
    public void Add(ListRow.Person person)
    {
        var (start, profile) = (used, person.Profile);
        BinaryPrimitives.WriteInt16BigEndian(Room(2), Texts + Numbers);
        Write(profile.Address.Key);
        Write(profile.Address.Value);
        Write(profile.Name);
        Write(SubscriberRow.Text(profile.Fields));
        Write(SubscriberRow.Text(profile.Tags));
        Write(SubscriberRow.Text(profile.Topics));
        Write(SubscriberRow.Text(profile.TopicsLeft));
        Write(profile.Language);
        Write(profile.TimeZone);
        Write(profile.Source);
        WriteNumbers(start, person.Line, person.State, person.StateSince?.ToUnixTimeMilliseconds(), profile.Since?.ToUnixTimeMilliseconds(), person.PausedUntil?.ToUnixTimeMilliseconds());
    }

    /// <summary>One more.</summary>
    /// <param name="row">Who.</param>
    /// <param name="source">Where they come from whose row does not say.</param>
    public void Add(PlainRow row, ReadOnlySpan<byte> source)
    {
        var start = used;
        BinaryPrimitives.WriteInt16BigEndian(Room(2), Texts + Numbers);
        Write(row.Address);
        Write(row.Address);
        Write(row.Name);
        Write(row.Fields);
        Write(row.Tags);
        Write(row.Topics);
        Write(row.TopicsLeft);
        Write(row.Language);
        Write(row.TimeZone);
        Write(row.Source.IsEmpty ? source : row.Source);
        WriteNumbers(start, row.Line, row.State, row.StateSince, row.Since, row.PausedUntil);
    }

    /// <summary>Nobody is in here any more; the room stays.</summary>
    public void Clear()
    {
        places.Clear();
        used = 0;
    }

    /// <summary>Their numbers in here, in the order of their keys, and of one key in the order of the list: an index takes them quickest so, and two imports never wait for each other in a circle.</summary>
    internal int[] InOrder()
    {
        // By their first octets as far as these tell: to compare two numbers is a tenth of the work.
        var (first, order) = (new UInt128[places.Count], new int[places.Count]);
        for (var i = 0; i < order.Length; i++)
            (first[i], order[i]) = (FirstOf(KeyOf(i)), i);
        Array.Sort(first, order);
        var whole = Comparer<int>.Create((one, other) => KeyOf(one).SequenceCompareTo(KeyOf(other)) is not 0 and var difference ? difference : one - other);
        for (var (start, i) = (0, 1); i <= order.Length; i++)
            if (i == order.Length || first[i] != first[start])
            {
                Array.Sort(order, start, i - start, whole);
                start = i;
            }
        return order;
    }

    private static UInt128 FirstOf(ReadOnlySpan<byte> key)
    {
        const int Length = 16;
        if (key.Length >= Length)
            return BinaryPrimitives.ReadUInt128BigEndian(key);
        Span<byte> padded = stackalloc byte[Length];
        padded.Clear();
        key.CopyTo(padded);
        return BinaryPrimitives.ReadUInt128BigEndian(padded);
    }

    internal ReadOnlySpan<byte> KeyOf(int person) => TextAt(places[person].Start + 2);

    internal string KeyTextOf(int person) => Encoding.UTF8.GetString(KeyOf(person));

    internal long LineOf(int person) => places[person].Line;

    /// <summary>Whether the list gives a standing other than active.</summary>
    internal bool IsOther(int person) => places[person].State is not (null or SubscriptionState.Active);

    /// <summary>The row as COPY takes it.</summary>
    internal ReadOnlyMemory<byte> RowOf(int person) => octets.AsMemory(places[person].Start, places[person].End - places[person].Start);

    internal ListRow.Person PersonOf(int person)
    {
        var (place, at) = (places[person], places[person].Start + 2);
        string Next() => Encoding.UTF8.GetString(Step(ref at));
        Step(ref at); // the key
        return new(place.Line, new Profile(EmailAddress.Read(Next())!)
        {
            Name = Next(),
            Fields = JsonSerializer.Deserialize<SortedDictionary<string, string>>(Next())!,
            Tags = JsonSerializer.Deserialize<List<string>>(Next())!,
            Topics = JsonSerializer.Deserialize<List<string>>(Next())!,
            TopicsLeft = JsonSerializer.Deserialize<List<string>>(Next())!,
            Language = Next(),
            TimeZone = Next(),
            Source = Next(),
        }, place.State);
    }

    /// <summary>The octets of a column, and on to the next. Of a number none: it is null.</summary>
    internal ReadOnlySpan<byte> Step(ref int at)
    {
        var text = TextAt(at);
        at += 4 + text.Length;
        return text;
    }

    /// <summary>Where the columns of a row begin.</summary>
    internal int ColumnsOf(int person) => places[person].Start + 2;

    private ReadOnlySpan<byte> TextAt(int at) => octets.AsSpan(at + 4, Math.Max(BinaryPrimitives.ReadInt32BigEndian(octets.AsSpan(at)), 0));

    /// <summary>The standing, what stands behind it, and the row is complete.</summary>
    private void WriteNumbers(int start, long line, SubscriptionState? state, long? stateSince, long? since, long? pausedUntil)
    {
        Write((state ?? SubscriptionState.Active).Word());
        Write(Math.Min(stateSince ?? at, at));
        Write(since ?? at);
        Write(import.Value);
        Write(line);
        if (state is SubscriptionState.Paused && pausedUntil is { } until)
            Write(until);
        else
            BinaryPrimitives.WriteInt32BigEndian(Room(4), Nothing);
        places.Add(new(line, start, used, state));
    }

    private void Write(ReadOnlySpan<byte> text)
    {
        var room = Room(4 + text.Length);
        BinaryPrimitives.WriteInt32BigEndian(room, text.Length);
        text.CopyTo(room[4..]);
    }

    private void Write(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var room = Room(4 + length);
        BinaryPrimitives.WriteInt32BigEndian(room, length);
        Encoding.UTF8.GetBytes(text, room[4..]);
    }

    private void Write(long number)
    {
        var room = Room(12);
        BinaryPrimitives.WriteInt32BigEndian(room, 8);
        BinaryPrimitives.WriteInt64BigEndian(room[4..], number);
    }

    private Span<byte> Room(int length)
    {
        if (used + length > octets.Length)
            Array.Resize(ref octets, Math.Max(octets.Length + (octets.Length / 2), used + length));
        used += length;
        return octets.AsSpan(used - length, length);
    }
}
