using System.Buffers;
using System.Text;
using Newsletter.Addresses;

namespace Newsletter.Subscribers;

/// <summary>
/// A row of a list that needs no cleaning, as octets and ready for the store: most rows of long lists are such, and taking them as texts and objects is five times the work.
/// One is used for all rows of a list; its spans hold until the next is read.
/// </summary>
/// <remarks>
/// Plain is: printable ASCII without <c>\</c>; a quote only around a whole cell; an address of lower-case letters that is none of ours by its form; blanks alone and inside; a day as
/// <c>2026-05-04</c>, an instant as our export writes it. It means what <see cref="SubscriberColumns.Read(long, IReadOnlyList{string}, string)"/> reads from the same line, or is not plain.
/// </remarks>
public sealed class PlainRow
{
    private const int MaxLine = 4096;
    private const int MaxMarks = 16;

    /// <summary>No quote, which parts cells, and no reverse solidus, which JSON would write twice.</summary>
    private static readonly SearchValues<byte> Printable = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(sign => (byte)sign).Except([(byte)'"', (byte)'\\'])]);

    private readonly byte separator;
    private readonly SubscriberColumns columns;
    private readonly byte[][] names;
    private readonly byte[] line = new byte[MaxLine];
    private readonly byte[] json = new byte[MaxLine * 4];
    private readonly Range[] cells;
    private readonly Range[] texts = new Range[Enum.GetValues<Meaning>().Length];
    private readonly long?[] instants = new long?[Enum.GetValues<Meaning>().Length];
    private int written;

    private PlainRow(SubscriberColumns columns, byte separator, byte[][] names) => (this.columns, this.separator, this.names, cells) = (columns, separator, names, new Range[columns.All.Count]);

    /// <summary>Null where no row of a list can be plain: a field's name is not.</summary>
    internal static PlainRow? For(SubscriberColumns columns, char separator) => separator <= '~' && columns.All.All(column => Ascii.IsValid(column.Name))
        ? new(columns, (byte)separator, [.. columns.All.Select(column => Encoding.ASCII.GetBytes($"\"{column.Name}\":\""))])
        : null;

    /// <summary>Counted from 1.</summary>
    public long Line { get; private set; }

    /// <summary>The address, which is its own key.</summary>
    public ReadOnlySpan<byte> Address => TextOf(Meaning.Email);

    /// <summary>Empty where the row gives none; so are the other texts.</summary>
    public ReadOnlySpan<byte> Name => TextOf(Meaning.Name);

    /// <inheritdoc cref="Name"/>
    public ReadOnlySpan<byte> Language => TextOf(Meaning.Language);

    /// <inheritdoc cref="Name"/>
    public ReadOnlySpan<byte> TimeZone => TextOf(Meaning.TimeZone);

    /// <inheritdoc cref="Name"/>
    public ReadOnlySpan<byte> Source => TextOf(Meaning.Source);

    /// <summary>A JSON object of strings, its names in order.</summary>
    public ReadOnlySpan<byte> Fields => json.AsSpan(texts[(int)Meaning.Field]);

    /// <summary>A JSON array of strings, in order and each once.</summary>
    public ReadOnlySpan<byte> Tags => json.AsSpan(texts[(int)Meaning.Tags]);

    /// <inheritdoc cref="Tags"/>
    public ReadOnlySpan<byte> Topics => json.AsSpan(texts[(int)Meaning.Topics]);

    /// <inheritdoc cref="Tags"/>
    public ReadOnlySpan<byte> TopicsLeft => json.AsSpan(texts[(int)Meaning.TopicsLeft]);

    /// <summary>The standing that the list gives; null: none.</summary>
    public SubscriptionState? State { get; private set; }

    /// <summary>UTC milliseconds since the epoch; null: the list does not say. So are the others.</summary>
    public long? Since => instants[(int)Meaning.Since];

    /// <inheritdoc cref="Since"/>
    public long? StateSince => instants[(int)Meaning.StateSince];

    /// <inheritdoc cref="Since"/>
    public long? PausedUntil => instants[(int)Meaning.PausedUntil];

    /// <summary>False where the line is not plain; nothing is said of it then.</summary>
    internal bool TryRead(ReadOnlySpan<byte> from, long number)
    {
        if (from.Length > MaxLine)
            return false;
        from.CopyTo(line);
        if (!TryCut(from.Length))
            return false;
        (Line, State, written) = (number, null, 0);
        Array.Clear(texts);
        Array.Clear(instants);
        for (var i = 0; i < cells.Length; i++)
            if (!TryTake(columns.All[i].Meaning, cells[i]))
                return false;
        if (Address.Length < 2 || Address[1] == '-') // an address of ours begins with a letter and a hyphen
            return false;
        foreach (var meaning in (ReadOnlySpan<Meaning>)[Meaning.Tags, Meaning.Topics, Meaning.TopicsLeft])
            if (!TryWriteMarks(meaning))
                return false;
        WriteFields();
        return true;
    }

    private ReadOnlySpan<byte> TextOf(Meaning meaning) => line.AsSpan(texts[(int)meaning]);

    /// <summary>Where the cells are, without their quotes; those left out at the end are empty.</summary>
    private bool TryCut(int length)
    {
        var count = 0;
        for (var at = 0; ; at++) // past the separator
        {
            if (count == cells.Length)
                return false;
            var isQuoted = at < length && line[at] == '"';
            var start = isQuoted ? at + 1 : at;
            var found = line.AsSpan(start, length - start).IndexOf(isQuoted ? (byte)'"' : separator);
            if (isQuoted && found < 0)
                return false;
            var end = found < 0 ? length : start + found;
            if (line.AsSpan(start, end - start).ContainsAnyExcept(Printable))
                return false;
            cells[count++] = start..end;
            at = isQuoted ? end + 1 : end;
            if (at == length)
                break;
            if (line[at] != separator)
                return false;
        }
        cells.AsSpan(count).Clear();
        return true;
    }

    private bool TryTake(Meaning meaning, Range cell)
    {
        var text = line.AsSpan(cell);
        if (!IsFit(text))
            return false;
        texts[(int)meaning] = cell;
        return meaning switch
        {
            Meaning.Email => IsPlainAddress(text),
            Meaning.Name => text.Length <= PersonalText.MaxName,
            Meaning.Language => text.Length <= Profile.MaxLanguage,
            Meaning.TimeZone => text.Length <= Profile.MaxTimeZone,
            Meaning.Source => text.Length <= Profile.MaxSource,
            Meaning.State => text.IsEmpty || (State = StateOf(text)) is not null,
            Meaning.Since or Meaning.StateSince or Meaning.PausedUntil => text.IsEmpty || (instants[(int)meaning] = InstantOf(text)) is not null,
            Meaning.Field => text.Length <= PersonalText.MaxValue,
            Meaning.None => text.IsEmpty,
            _ => true, // marks come when all are known
        };
    }

    /// <summary>No blank at an end and none behind another; no sign that takes a formula's away.</summary>
    private static bool IsFit(ReadOnlySpan<byte> text) => text.IsEmpty || (text[0] is not ((byte)' ' or (byte)'\'') && text[^1] != ' ' && text.IndexOf("  "u8) < 0);

    private static bool IsPlainAddress(ReadOnlySpan<byte> text)
    {
        Span<char> letters = stackalloc char[EmailAddress.MaxLength];
        return text.Length <= letters.Length && EmailAddress.IsPlain(letters[..Encoding.ASCII.GetChars(text, letters)]);
    }

    private static SubscriptionState? StateOf(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("active"u8) ? SubscriptionState.Active
        : text.SequenceEqual("unsubscribed"u8) ? SubscriptionState.Unsubscribed
        : text.SequenceEqual("pending"u8) ? SubscriptionState.Pending
        : text.SequenceEqual("paused"u8) ? SubscriptionState.Paused
        : text.SequenceEqual("suspended"u8) ? SubscriptionState.Suspended
        : text.SequenceEqual("complained"u8) ? SubscriptionState.Complained
        : null;

    /// <summary><c>2026-05-04</c>, or <c>2026-05-04T12:00:00.000Z</c>.</summary>
    private static long? InstantOf(ReadOnlySpan<byte> text)
    {
        if (text.Length is not (10 or 24) || text[4] != '-' || text[7] != '-' || Digits(text[..4]) is not (>= 1 and var year) || Digits(text[5..7]) is not (>= 1 and <= 12 and var month)
            || Digits(text[8..10]) is not (>= 1 and var day) || day > DateTime.DaysInMonth(year, month))
            return null;
        var date = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc);
        if (text.Length == 10)
            return new DateTimeOffset(date).ToUnixTimeMilliseconds();
        if (text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != '.' || text[23] != 'Z' || Digits(text[11..13]) is not (>= 0 and <= 23 and var hour)
            || Digits(text[14..16]) is not (>= 0 and <= 59 and var minute) || Digits(text[17..19]) is not (>= 0 and <= 59 and var second) || Digits(text[20..23]) is not (>= 0 and var part))
            return null;
        return new DateTimeOffset(date).ToUnixTimeMilliseconds() + (((((hour * 60L) + minute) * 60) + second) * 1000) + part;
    }

    /// <summary>-1 where a sign is no digit.</summary>
    private static int Digits(ReadOnlySpan<byte> text)
    {
        var number = 0;
        foreach (var sign in text)
            if (sign is >= (byte)'0' and <= (byte)'9')
                number = (number * 10) + sign - '0';
            else
                return -1;
        return number;
    }

    /// <summary>Up to <see cref="MaxMarks"/> marks, put in order; none may come twice.</summary>
    private bool TryWriteMarks(Meaning meaning)
    {
        var text = TextOf(meaning);
        Span<Range> found = stackalloc Range[MaxMarks];
        var count = 0;
        for (var at = 0; at < text.Length; at++) // past the sign between two
        {
            var end = text[at..].IndexOfAny((byte)',', (byte)';') is >= 0 and var next ? at + next : text.Length;
            if (count == MaxMarks || end - at is 0 or > PersonalText.MaxMark || !IsFit(text[at..end]) || end + 1 == text.Length)
                return false;
            var place = count++;
            for (; place > 0 && text[found[place - 1]].SequenceCompareTo(text[at..end]) is >= 0 and var order; place--)
                if (order == 0)
                    return false;
                else
                    found[place] = found[place - 1];
            found[place] = at..end;
            at = end;
        }
        var start = written;
        Put("["u8);
        for (var i = 0; i < count; i++)
        {
            Put(i == 0 ? "\""u8 : ",\""u8);
            Put(text[found[i]]);
            Put("\""u8);
        }
        Put("]"u8);
        texts[(int)meaning] = start..written;
        return true;
    }

    private void WriteFields()
    {
        var start = written;
        Put("{"u8);
        foreach (var index in columns.Fields)
        {
            var value = line.AsSpan(cells[index]);
            if (value.IsEmpty)
                continue;
            if (written > start + 1)
                Put(","u8);
            Put(names[index]);
            Put(value);
            Put("\""u8);
        }
        Put("}"u8);
        texts[(int)Meaning.Field] = start..written;
    }

    private void Put(ReadOnlySpan<byte> text)
    {
        text.CopyTo(json.AsSpan(written));
        written += text.Length;
    }
}
