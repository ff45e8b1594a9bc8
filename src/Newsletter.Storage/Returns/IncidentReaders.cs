using System.Data.Common;
using System.Globalization;
using Dapper;

namespace Newsletter.Storage;

/// <summary>Whom an incident is about.</summary>
internal static class IncidentReaders
{
    /// <summary>Readers who are suspended by a bounce of the incident's, or by its acceptance, and nothing has happened to them since; by number, after one.</summary>
    public static async Task<IReadOnlyList<long>> SuspendedByAsync(DbTransaction transaction, long incident, long after, int count) => (await transaction.Connection!.QueryAsync<long>($"""
        select s.id {Suspended} and s.id > @after order by s.id limit @count
        """, new { incident, after, count = (long)count }, transaction)).ToList();

    /// <summary>All readers that it had to do with; by number, after one.</summary>
    public static async Task<IReadOnlyList<long>> AllAsync(DbTransaction transaction, long incident, long after, int count) => (await transaction.Connection!.QueryAsync<long>($"""
        select s.id from subscribers s where s.id in ({Any}) and s.id > @after order by s.id limit @count
        """, new { incident, after, count = (long)count }, transaction)).ToList();

    public static string Text(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);

    internal const string Suspended = $"""
        from subscribers s join subscriptions_log l on l.id = (select max(x.id) from subscriptions_log x where x.subscriber_id = s.id)
        where s.state = 'suspended' and s.id in ({Any})
          and (l.incident_id = @incident or exists (select 1 from bounces b where b.incident_id = @incident and b.subscriber_id = s.id and b.edition_id = l.edition_id))
        """;

    private const string Any = "select subscriber_id from bounces where incident_id = @incident union select subscriber_id from subscriptions_log where incident_id = @incident";
}
