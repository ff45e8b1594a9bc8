using System.Text;
using CsCheck;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Core.Subscribers;

public sealed class SubscriberCsvTests
{
    private static readonly byte[] Hostile = [.. "\",\n\ra@. "u8, 0xFF, 0xFE, 0];

    [Test]
    public async Task Columns_come_in_any_order_and_case_and_those_that_are_not_ours_are_fields()
    {
        var rows = await ReadAsync("First Name,NAME,E-Mail,tags\nAda,Ada Lovelace,ada@example.org,\"press; early,early\"\n");

        var person = Only(rows);
        Assert.That((person.Line, person.Profile.Name, person.Profile.Address.Value, person.Profile.Source), Is.EqualTo((2L, "Ada Lovelace", "ada@example.org", "list.csv")));
        Assert.That(person.Profile.Fields, Is.EqualTo(new Dictionary<string, string> { ["first_name"] = "Ada" }));
        Assert.That(person.Profile.Tags, Is.EqualTo(new[] { "early", "press" }));
    }

    [TestCase("email,name,city\nada@example.org,\"Lovelace, Ada\",Paris")]
    [TestCase("email;name;city\r\nada@example.org;Lovelace, Ada;Paris\r\n")]
    [TestCase("email\tname\tcity\rada@example.org\tLovelace, Ada\tParis\r")]
    [TestCase("sep=;\r\nemail;name;city\r\nada@example.org;\"Lovelace, Ada\" ; \"Paris\"\r\n\r\n")]
    [TestCase("\n\nemail,name,city\n\n,,\nada@example.org,\"Lovelace, Ada\",Paris\n\n")]
    public async Task Separators_and_line_ends_are_found(string text)
    {
        var profile = Only(await ReadAsync(text)).Profile;

        Assert.That((profile.Name, profile.Fields["city"]), Is.EqualTo(("Lovelace, Ada", "Paris")));
    }

    [TestCase("utf-8", true), TestCase("utf-8", false), TestCase("utf-16", true), TestCase("utf-16BE", true)]
    public async Task Encodings_are_found(string name, bool mark)
    {
        var encoding = Encoding.GetEncoding(name);
        var text = "email,name\n" + string.Concat(Enumerable.Range(0, 5000).Select(i => $"r{i}@example.org,Zoë 😀 {i}\n"));

        var rows = await ReadAsync([.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes(text)]);

        Assert.That(rows.OfType<ListRow.Person>().Select(row => row.Profile.Name), Is.EqualTo(Enumerable.Range(0, 5000).Select(i => $"Zoë 😀 {i}")));
    }

    [Test]
    public async Task A_bad_row_is_said_with_its_line_and_loses_none_of_the_others()
    {
        var rows = await ReadAsync([.. "email,name,note\n"u8, .. "a@example.org,A,\"two\nlines\"\n"u8, .. "not an address,B,\n"u8, .. "c@example.org,\xE9"u8[..^2], 0xE9, (byte)'\n',
            .. "d@example.org,\"D,\n"u8, .. "e@example.org,\"E\",x\n"u8, .. "f@example.org,F,x,y\n"u8, .. ",G,\n"u8, .. "h@example.org,\"H\"H,\n"u8, .. "i@example.org"u8]);

        Assert.That(rows.OfType<ListRow.Person>().Select(row => row.Profile.Address.Value), Is.EqualTo(new[] { "a@example.org", "e@example.org", "i@example.org" }));
        Assert.That(rows.OfType<ListRow.Bad>().Select(row => $"{row.Line}: {row.Reason}"), Is.EqualTo(new[]
        {
            "4: \"not an address\" is no mail address",
            "5: byte 0xE9 at column 15 is not UTF-8; save the file as UTF-8",
            "6: a quote is opened and not closed; close it, or write a quote inside quotes twice",
            "8: 4 cells, and the header names 3; put a value that holds the separator in quotes",
            "9: no address",
            "10: text follows a closing quote; write a quote inside quotes twice",
        }));
    }

    [TestCase("", "1: the list is empty")]
    [TestCase("ada@example.org,Ada\nbob@example.org,Bob", "1: no column is named email")]
    [TestCase("email,City,city\na@example.org,x,y", "1: two columns are named city")]
    [TestCase("email,\"name\na@example.org,x", "1: a quote is opened")]
    [TestCase("PK\u0003\u0004\0\0", "1: this is no CSV text")]
    public async Task A_list_whose_first_line_says_nothing_is_refused_whole(string text, string expected)
    {
        var rows = await ReadAsync(text);

        Assert.That(rows.OfType<ListRow.Bad>().Select(row => $"{row.Line}: {row.Reason}").First(), Does.StartWith(expected));
        Assert.That(rows.OfType<ListRow.Person>(), Is.Empty);
    }

    [Test]
    public async Task A_line_without_end_costs_its_row_alone()
    {
        var rows = await ReadAsync($"email,name\na@example.org,A\nb@example.org,{new string('b', 3_000_000)}\nc@example.org,C\n");

        Assert.That(rows.Select(row => row is ListRow.Bad ? $"bad {row.Line}" : $"good {row.Line}"), Is.EqualTo(new[] { "good 2", "bad 3", "good 4" }));
    }

    [Test]
    public async Task A_thousand_quotes_that_are_never_closed_cost_a_thousand_rows_and_no_more()
    {
        var text = "email,name\n" + string.Concat(Enumerable.Range(0, 1000).Select(i => $"bad{i}@example.org,\"open {i}\ngood{i}@example.org,good\n"));

        var rows = await ReadAsync(text);

        Assert.That(rows.OfType<ListRow.Person>().Count(row => row.Profile.Name == "good"), Is.EqualTo(1000));
    }

    [TestCase("active", SubscriptionState.Active), TestCase(" Unsubscribed ", SubscriptionState.Unsubscribed), TestCase("", null)]
    public async Task A_column_state_or_status_is_the_standing(string word, SubscriptionState? expected)
    {
        Assert.That(Only(await ReadAsync($"email,state\na@example.org,{word}")).State, Is.EqualTo(expected));
        Assert.That(Only(await ReadAsync($"Status,email\n{word},a@example.org")).State, Is.EqualTo(expected));
    }

    [TestCase("state", "California"), TestCase("state", "erased"), TestCase("since", "long ago"), TestCase("", "a stray value"), TestCase("tags", "0123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task A_value_that_a_column_of_ours_cannot_hold_is_said_and_not_guessed(string column, string value) =>
        Assert.That((await ReadAsync($"email,{column},city\na@example.org,{value},Paris")).Single(), Is.TypeOf<ListRow.Bad>());

    [TestCase("=cmd|' /C calc'!A0"), TestCase("+1"), TestCase("-1"), TestCase("@x"), TestCase("'tis"), TestCase("''=x"), TestCase("plain")]
    public async Task What_a_spreadsheet_would_run_is_written_harmless_and_read_back_unchanged(string value)
    {
        var subscriber = Someone(new(EmailAddress.Read("=a@example.org")!) { Name = value, Fields = new Dictionary<string, string> { ["f"] = value } });
        string[] fields = ["f"];

        var line = SubscriberCsv.Line(subscriber, fields)!;
        var read = Only(await ReadAsync($"{SubscriberCsv.Header(fields)}\r\n{line}\r\n")).Profile;

        Assert.That(line.Split(',').Select(cell => cell.Trim('"')).Where(cell => cell.Length > 0 && "=+-@".Contains(cell[0])), Is.Empty);
        Assert.That((read.Address.Value, read.Name, read.Fields["f"]), Is.EqualTo(("=a@example.org", value, value)));
    }

    [Test]
    public void Whatever_a_subscriber_holds_a_list_gives_it_back() =>
        Gen.Select(Gen.String, Gen.Dictionary(Gen.String, Gen.String), Gen.String.Array, Gen.Enum<SubscriptionState>()).Sample((name, fields, tags, state) =>
        {
            var profile = new Profile(EmailAddress.Read("ada@example.org")!) { Name = name, Fields = fields, Tags = tags, Topics = tags, Source = name };
            var names = profile.Fields.Keys.ToList();
            var subscriber = Someone(profile) with { State = state is SubscriptionState.Erased ? SubscriptionState.Paused : state };

            var read = Only(ReadAsync($"{SubscriberCsv.Header(names)}\r\n{SubscriberCsv.Line(subscriber, names)}\r\n").GetAwaiter().GetResult());

            return read.State == subscriber.State && read.Profile.Name == profile.Name && read.Profile.Fields.SequenceEqual(profile.Fields)
                   && read.Profile.Tags.SequenceEqual(profile.Tags) && read.Profile.Topics.SequenceEqual(profile.Topics) && read.Profile.Since == subscriber.CreatedAt
                   && (read.Profile.Source == profile.Source || profile.Source.Length == 0);
        });

    [Test]
    public void Any_bytes_are_read_to_their_end_without_a_throw() =>
        Gen.Select(Gen.OneOf(Gen.Byte.Array, Gen.Int[0, Hostile.Length - 1].Select(index => Hostile[index]).Array[0, 200]), Gen.Bool)
            .Sample((bytes, header) => Assert.That(() => ReadAsync([.. header ? "email,name\n"u8 : [], .. bytes]).GetAwaiter().GetResult(), Throws.Nothing));

    private static async Task<List<ListRow>> ReadAsync(byte[] bytes)
    {
        var (list, rows) = (new SubscriberList(new MemoryStream(bytes), "list.csv"), new List<ListRow>());
        while (await list.NextAsync(CancellationToken.None) is { } row)
            rows.Add(row);
        return rows;
    }

    private static Task<List<ListRow>> ReadAsync(string text) => ReadAsync(Encoding.UTF8.GetBytes(text));

    private static ListRow.Person Only(List<ListRow> rows) => rows.Single() as ListRow.Person ?? throw new AssertionException($"{rows.Single()}");

    private static Subscriber Someone(Profile profile) =>
        new(new(1), profile, SubscriptionState.Active, DateTimeOffset.UnixEpoch, DateTimeOffset.FromUnixTimeMilliseconds(1_777_000_000_123));
}
