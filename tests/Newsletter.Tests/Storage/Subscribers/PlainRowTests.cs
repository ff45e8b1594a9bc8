using System.Text;
using CsCheck;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Storage.Subscribers;

/// <summary>A plain row of a list goes into the store as the same row read the long way does, octet by octet.</summary>
public sealed class PlainRowTests
{
    private static readonly DateTimeOffset At = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Cells =
    [
        "", "ada@example.org", "b.c+d@mail.example.com", "Ada@example.org", "x-aaaaaaaaaaaaaaaaaaaa@returns.example.org", "nobody", "Ada Lovelace", " Ada", "Ada  L", "\"Ada\"", "\"a,b\"", "\"b,a\"", "\"a,a\"", "\"a;b\"", "a;b",
        "\"say \"\"hi\"\"\"", "\"open", "Ada\"", "active", "Active", "paused", "unsubscribed", "erased", "2026-05-04", "2026-02-30", "2026-05-04T12:34:56.789Z", "2026-05-04T12:34:56Z", "2999-01-01", "0000-01-01", "'=x", "'x", "=x",
        "back\\slash", "Zürich", "tab\there", "\u0001", "{\"a\":1}", "<b>", "de", "Europe/Berlin", new('x', 201), new('x', 2001),
    ];

    [Test]
    public void Any_list_is_packed_the_same_by_both_ways()
    {
        var columns = Gen.Int[0, 13].Array[0, 8].Select(some => some.Distinct().Select(index => new[]
        {
            "name", "state", "state-since", "paused-until", "since", "language", "time-zone", "topics", "topics-left", "tags", "source", "city", "Shoe size", "",
        }[index]).Prepend("email"));
        var cell = Gen.Int[0, Cells.Length - 1];
        Gen.Select(columns, Gen.Select(Gen.Int[0, 5], cell.Array[0, 9]).Array[1, 12], Gen.Int[0, 2], Gen.Bool).Sample((header, rows, end, semicolon) =>
        {
            var part = semicolon ? ';' : ',';
            string Address(int which, int row) => which switch { 0 => Cells[row % Cells.Length], 1 => "\"q@example.org\"", _ => $"r{row}.{which}@example.org" };
            var text = string.Join(new[] { "\n", "\r\n", "\r" }[end], rows.Select((row, i) => string.Join(part, row.Item2.Select(index => Cells[index]).Prepend(Address(row.Item1, i)))).Prepend(string.Join(part, header))) + "\n";
            var (fast, slow) = (Pack(text, plain: true), Pack(text, plain: false));
            Assert.That(fast.Rows, Is.EqualTo(slow.Rows), text);
            return fast.Bad.SequenceEqual(slow.Bad);
        }, iter: 20_000);
    }

    [Test]
    public void An_ordinary_row_is_a_plain_one()
    {
        const string List = "email,name,city,language,tags,since,state\nada@example.org,Ada Lovelace,Leiden,en,hpc,2023-07-13,active\nbob@example.org,\"Bob, the first\",,,\"data,hpc\",2026-05-04T12:34:56.789Z,paused\nzoe@example.org\n";
        var list = new SubscriberList(new MemoryStream(Encoding.UTF8.GetBytes(List)), "list.csv");

        Assert.That((list.NextPlain(), ((ListRow.Person)list.NextAsync(CancellationToken.None).AsTask().Result!).Profile.Name), Is.EqualTo(((PlainRow?)null, "Ada Lovelace")), "the header and what is behind it are read first");
        Assert.That((list.NextPlain()!.Line, Encoding.ASCII.GetString(list.NextPlain()!.Address)), Is.EqualTo((3L, "zoe@example.org")));
    }

    private static (List<string> Rows, List<ListRow> Bad) Pack(string text, bool plain)
    {
        var list = new SubscriberList(new MemoryStream(Encoding.UTF8.GetBytes(text)), "list.csv");
        var (people, bad) = (new PackedPeople(new(7), At, 4), new List<ListRow>());
        for (; ; )
            if (plain && list.NextPlain() is { } row)
                people.Add(row, "list.csv"u8);
            else if (list.NextAsync(CancellationToken.None).AsTask().Result is { } next)
            {
                if (next is ListRow.Person person)
                    people.Add(person);
                else
                    bad.Add(next);
            }
            else
                break;
        return (Enumerable.Range(0, people.Count).Select(person => Convert.ToHexString(people.RowOf(person).Span)).ToList(), bad);
    }
}
