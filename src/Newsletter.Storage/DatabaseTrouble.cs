using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;
using static SQLitePCL.raw;

namespace Newsletter.Storage;

/// <summary>Says in one line what a database's exception means and what to do.</summary>
public static class DatabaseTrouble
{
    /// <summary>Null where the exception is not a database's.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="where">The database as the person knows it: the file, or host and database name; never a connection string with its password.</param>
    public static string? Explain(Exception error, string where) => error switch
    {
        SchemaException schema => $"{where}: {schema.Message}",
        SqliteException { SqliteErrorCode: SQLITE_BUSY or SQLITE_LOCKED } => $"{where}: the database is locked by another program; close it (a shell or a browser for SQLite, a backup) and try again",
        SqliteException { SqliteErrorCode: SQLITE_READONLY } => $"{where}: the database cannot be written; give this user the right to write the file and its folder",
        SqliteException { SqliteErrorCode: SQLITE_IOERR } io => $"{where}: reading or writing the disk failed ({io.SqliteExtendedErrorCode}); look at the disk and its free space, then try again: what was committed is safe",
        SqliteException { SqliteErrorCode: SQLITE_FULL } => $"{where}: the disk is full; make room and try again: what was committed is safe",
        SqliteException { SqliteErrorCode: SQLITE_CANTOPEN } => $"{where}: the database file cannot be opened; see that its folder exists and that this user may write there",
        SqliteException { SqliteErrorCode: SQLITE_CORRUPT or SQLITE_NOTADB } => $"{where}: the file is damaged or no SQLite database; restore a backup, or point Database:ConnectionString at another file",
        SqliteException other => $"{where}: {other.Message}",
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } => $"{where}: the server refused the user or password; correct Database:ConnectionString",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => $"{where}: there is no such database; create it (createdb) or correct Database:ConnectionString",
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => $"{where}: the server's disk is full; make room there and try again: what was committed is safe",
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => $"{where}: the server is read-only (a standby?); point Database:ConnectionString at the primary",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } denied => $"{where}: {denied.MessageText}; grant it to this user",
        PostgresException other => $"{where}: {other.MessageText} ({other.SqlState})",
        NpgsqlException { InnerException: SocketException socket } => $"{where}: the server cannot be reached ({socket.Message}); see that it runs, and host and port in Database:ConnectionString",
        NpgsqlException other => $"{where}: {other.Message}",
        _ => null,
    };

    /// <summary>Whether a database refused what it was given (a constraint, a value that no column takes): it would refuse it again, and takes everything else.</summary>
    public static bool IsOfTheData(Exception error) => error switch
    {
        SqliteException { SqliteErrorCode: SQLITE_ERROR } sql => !sql.Message.Contains("no such table", StringComparison.Ordinal), // which is missing for all; SQLite has no code of its own for it
        SqliteException sqlite => sqlite.SqliteErrorCode is SQLITE_TOOBIG or SQLITE_CONSTRAINT or SQLITE_MISMATCH or SQLITE_RANGE,
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.UndefinedTable } => false, // what is missing is missing for all
        PostgresException postgres => postgres.SqlState is ['2', '2' or '3', ..] or ['4', '2', ..] or ['5', '4', ..], // data, constraints, our own SQL, limits of size
        _ => false,
    };
}
