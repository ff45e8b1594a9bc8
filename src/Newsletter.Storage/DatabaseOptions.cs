using System.ComponentModel.DataAnnotations;

namespace Newsletter.Storage;

/// <summary>Which database keeps the publication's state.</summary>
public enum DatabaseProvider
{
    /// <summary>One file; right up to about a million readers on one machine.</summary>
    Sqlite,
    /// <summary>A server, for several workers.</summary>
    Postgres,
}

/// <summary>Section <c>Database</c> of the configuration.</summary>
public sealed class DatabaseOptions
{
    /// <summary>Sqlite by default: nothing to install.</summary>
    [EnumDataType(typeof(DatabaseProvider))] public DatabaseProvider Provider { get; init; } = DatabaseProvider.Sqlite;

    /// <summary>Empty with Sqlite: <c>subscribers/newsletter.db</c> in the publication's folder. Needed with Postgres.</summary>
    public string ConnectionString { get; init; } = "";
}
