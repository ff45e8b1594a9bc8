namespace Newsletter.Web;

/// <summary>What a process of <c>newsletter serve</c> does.</summary>
public enum Role
{
    /// <summary>Pages and work, in one process.</summary>
    All,
    /// <summary>Pages alone; the work is done by a process elsewhere, over the same database (with PostgreSQL the dashboard shows its jobs, too).</summary>
    Web,
    /// <summary>Work alone; of the pages only the health endpoints.</summary>
    Worker,
}
