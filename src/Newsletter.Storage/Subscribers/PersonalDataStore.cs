using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Storage;

/// <summary>Everything that is kept about one person, part by part. Changes nothing.</summary>
public sealed class PersonalDataStore(Database database, ErasedAddresses erased)
{
    private static readonly HashSet<string> JsonColumns = ["fields", "tags", "topics", "topics_left", "verdict", "attachments", "reasons"];

    /// <summary>Whose data is read: a subscriber's and their address', or those of an address that is no subscriber's and wrote to us.</summary>
    /// <param name="Subscriber">Null: none.</param>
    /// <param name="Address">Theirs.</param>
    /// <param name="Mails">Of them, by them, or naming them.</param>
    /// <param name="HasAsked">Whether the address has asked to be subscribed.</param>
    public sealed record Owner(SubscriberId? Subscriber, EmailAddress Address, IReadOnlyList<long> Mails, bool HasAsked)
    {
        /// <summary>Whether anything is kept: of a stranger nothing is.</summary>
        public bool IsKnown => Subscriber is not null || HasAsked || Mails.Count > 0;
    }

    /// <summary>Finds what belongs to whom. It looks through all mails.</summary>
    public async Task<Owner> FindAsync(EmailAddress address, CancellationToken ct)
    {
        var naming = await Correspondence.NamingAsync(database, address, ct);
        return await database.ReadAsync(async connection =>
        {
            var id = await connection.QuerySingleOrDefaultAsync<long?>("select id from subscribers where address_key = @Key", new { address.Key });
            var mails = await Correspondence.MailsAsync(connection, null, new(id ?? 0), address);
            var asked = await connection.ExecuteScalarAsync<long>("select count(*) from signups where address_key = @Key", new { address.Key });
            return new Owner(id is { } known ? new SubscriberId(known) : null, address, [.. mails.Union(naming).Order()], asked > 0);
        }, ct);
    }

    /// <summary>The parts and their rows, each row's values by name. A part without rows is there as well. Mails are read one by one, so memory holds one of them.</summary>
    /// <returns>Values are null, numbers, texts, instants, bytes, and JSON as it is kept.</returns>
    public IEnumerable<(string Part, IAsyncEnumerable<IEnumerable<KeyValuePair<string, object?>>> Rows)> Read(Owner owner, CancellationToken ct) =>
        PersonalPart.All(database).Select(part => (part.Name, RowsAsync(part, owner, ct)));

    private async IAsyncEnumerable<IEnumerable<KeyValuePair<string, object?>>> RowsAsync(PersonalPart part, Owner owner, [EnumeratorCancellation] CancellationToken ct)
    {
        foreach (var mail in part.IsOfMails ? owner.Mails : [0])
        {
            var names = new
            {
                id = owner.Subscriber?.Value ?? 0, key = owner.Address.Key, address = owner.Address.Value.ToLowerInvariant(), mail,
                mails = database.Many(owner.Mails), marks = database.Many(erased.Marks(owner.Address).Append(owner.Address.Key)),
            };
            // Held in memory and not read row by row from the database: who takes a document slowly must not hold the database up.
            foreach (var row in await database.ReadAsync(connection => connection.QueryAsync(part.Read, names), ct))
                yield return ((IDictionary<string, object?>)row).Select(column => KeyValuePair.Create(Camel(column.Key), Value(column.Key, column.Value)));
        }
    }

    private static object? Value(string column, object? value) => value switch
    {
        long instant when column is "at" or "due" || column.EndsWith("_at", StringComparison.Ordinal) => instant.Instant(),
        byte[] { Length: > 0 } packed => RawMail.Unpack(packed),
        string { Length: > 0 } json when JsonColumns.Contains(column) => JsonNode.Parse(json),
        _ => value,
    };

    private static string Camel(string column) => string.Concat(column.Split('_').Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
