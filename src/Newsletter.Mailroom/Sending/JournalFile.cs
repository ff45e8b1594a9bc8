using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Newsletter.Mailroom;

/// <summary>One file of a <see cref="ResultJournal"/>: entries, each its length (4 octets), its checksum (4) and JSON; the first names turn, worker and ledger.</summary>
/// <remarks>The checksum covers the turn as well. What does not fit it ends the reading: nothing, a torn entry, or one of an earlier turn.</remarks>
internal sealed class JournalFile : IDisposable
{
    private const int Head = 8;
    private const int Room = 256 * 1024; // a group of results and more, set aside at once, so that a disk that fills up loses none
    private const int MostOctets = 64 * 1024 * 1024;

    private readonly FileStream file;
    private readonly ArrayBufferWriter<byte> octets = new(1024);
    private readonly Utf8JsonWriter json;
    private long turn;
    private long end;

    public JournalFile(string path)
    {
        Path = path;
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, PreallocationSize = Room };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = WholeFile.Private;
        try
        {
            file = new(path, options);
        }
        catch (IOException)
        {
            options.PreallocationSize = 0; // there is no room to set aside, and perhaps just enough for what comes
            file = new(path, options);
        }
        json = new(octets);
    }

    public string Path { get; }

    /// <summary>From here on nothing counts that was written before.</summary>
    public void Begin(JournalHead head)
    {
        (turn, end) = (head.Turn, 0);
        Write(head, JournalJson.Default.JournalHead);
    }

    public void Add(JournalEntry entry) => Write(entry, JournalJson.Default.JournalEntry);

    public void ShowLife(DateTimeOffset now)
    {
        try
        {
            File.SetLastWriteTimeUtc(file.SafeFileHandle, now.UtcDateTime);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Whoever has something to write says it.
        }
    }

    public void Dispose()
    {
        json.Dispose();
        file.Dispose();
    }

    /// <summary>What stands in a file; null where it is none of ours, or has nothing.</summary>
    public static JournalContent? Read(string path)
    {
        byte[] all;
        try
        {
            if (new FileInfo(path).Length > MostOctets)
                return null;
            all = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException) // another worker was first
        {
            return null;
        }
        var rest = new ReadOnlySpan<byte>(all);
        // The number of the turn stands in the first entry and is covered by its checksum.
        if (Next(ref rest) is not { } first || Parse(first.Json, JournalJson.Default.JournalHead) is not { Worker.Length: > 0, Ledger.Length: > 0 } head || !first.Fits(head.Turn))
            return null;
        var entries = new List<JournalEntry>();
        while (Next(ref rest) is { } next && next.Fits(head.Turn) && Parse(next.Json, JournalJson.Default.JournalEntry) is { } entry)
            entries.Add(entry);
        return new(head, entries);
    }

    private void Write<T>(T value, JsonTypeInfo<T> type)
    {
        octets.ResetWrittenCount();
        octets.GetSpan(Head)[..Head].Clear();
        octets.Advance(Head);
        json.Reset();
        JsonSerializer.Serialize(json, value, type);
        var whole = MemoryMarshal.AsMemory(octets.WrittenMemory).Span;
        BinaryPrimitives.WriteInt32LittleEndian(whole, whole.Length - Head);
        BinaryPrimitives.WriteUInt32LittleEndian(whole[4..], Checksum(turn, whole[Head..]));
        try
        {
            RandomAccess.Write(file.SafeFileHandle, whole, end);
        }
        catch (IOException e)
        {
            throw new IOException($"{Path}: {e.Message}; look at the disk and its free space, then try again: what was committed is safe", e);
        }
        end += whole.Length;
    }

    private static Framed? Next(ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < Head || BinaryPrimitives.ReadInt32LittleEndian(rest) is var length && (length <= 0 || length > rest.Length - Head))
            return null;
        var framed = new Framed(BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]), rest.Slice(Head, length).ToArray());
        rest = rest[(Head + length)..];
        return framed;
    }

    private static T? Parse<T>(byte[] octets, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(octets, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>CRC-32C.</summary>
    private static uint Checksum(long turn, ReadOnlySpan<byte> json)
    {
        var sum = BitOperations.Crc32C(uint.MaxValue, (ulong)turn);
        for (; json.Length >= sizeof(ulong); json = json[sizeof(ulong)..])
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(json));
        foreach (var octet in json)
            sum = BitOperations.Crc32C(sum, octet);
        return sum;
    }

    private sealed record Framed(uint Sum, byte[] Json)
    {
        public bool Fits(long turn) => Checksum(turn, Json) == Sum;
    }
}

/// <summary>What stands in one file of a journal.</summary>
internal sealed record JournalContent(JournalHead Head, IReadOnlyList<JournalEntry> Entries);

/// <summary>Whose file it is, where its results belong, and how often the files have taken turns.</summary>
internal sealed record JournalHead(long Turn, string Worker, string Ledger);
