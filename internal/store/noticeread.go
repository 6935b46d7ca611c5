package store

import (
	"context"

	"github.com/banli/banli/internal/proposal"
)

// ReadNotice marks one notice of the person's as read. What is not theirs stays as it is.
func (s *Store) ReadNotice(ctx context.Context, person proposal.PersonID, id int64) error {
	args, err := s.noticeArgs(ctx, person, newest, 1)
	if err != nil {
		return err
	}
	args["id"], args["now"] = id, s.Now().UTC()
	_, err = s.pool.Exec(ctx, `
		insert into notice_reads (notice, person, read_at)
		select id, @person::uuid, @now::timestamptz from notices
		where id = @id and (person = any (@hands::uuid[])
			or person is null and (role, pool) in (select * from unnest(@roles::text[], @pools::text[])))
		on conflict do nothing`, args)
	return edge(err)
}
