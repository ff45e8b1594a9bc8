namespace Newsletter.Subscribers;

/// <summary>A list of subscribers that is read row by row (<see cref="SubscriberCsv"/>); memory does not grow with it.</summary>
public sealed class SubscriberList
{
    private readonly CsvRecords records;
    private readonly string source;
    private SubscriberColumns? columns;
    private PlainRow? plain;
    private bool isOver;

    /// <summary>Nothing is read yet.</summary>
    /// <param name="stream">The list's octets; it stays open.</param>
    /// <param name="source">Where those came from whose row does not say: the list's name.</param>
    public SubscriberList(Stream stream, string source) => (records, this.source) = (new(new CsvLines(stream)), source);

    /// <summary>The next row, if it is a plain one that lies in memory. Null: <see cref="NextAsync"/> has it, if there is one.</summary>
    public PlainRow? NextPlain() => plain is not null && records.TryTake(plain) ? plain : null;

    /// <summary>The next row, whatever it is; null at the end.</summary>
    /// <param name="ct">Stops between two rows.</param>
    public async ValueTask<ListRow?> NextAsync(CancellationToken ct)
    {
        if (columns is null && !isOver && await BeginAsync(ct) is { } fault)
            return fault;
        while (!isOver && await records.ReadAsync(ct) is { } record)
            if (record.Fault is not null)
                return new ListRow.Bad(record.Line, record.Fault);
            else if (!record.Cells.All(string.IsNullOrWhiteSpace))
                return columns!.Read(record.Line, record.Cells, source);
        return null;
    }

    /// <summary>Reads the header; what is wrong with it is all that can be said of the list.</summary>
    private async ValueTask<ListRow.Bad?> BeginAsync(CancellationToken ct)
    {
        var header = await records.ReadHeaderAsync(ct);
        (columns, var fault) = header is null ? (null, "the list is empty; its first line names the columns, for example: email,name,city")
            : header.Value.Fault is { } unread ? (null, unread)
            : SubscriberColumns.Read(header.Value.Cells);
        isOver = columns is null;
        plain = columns is null ? null : PlainRow.For(columns, records.Separator);
        return columns is null ? new(header?.Line ?? 1, fault!) : null;
    }
}
